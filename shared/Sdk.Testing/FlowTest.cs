using System.Reflection;
using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.Sdk.Testing;

/// <summary>
/// Runs a flow in a unit test: in this process, with a real run directory, no server.
/// <code>var run = await FlowTest.Run(Imaging.Run, new ImagingParameters("a.ms"));</code>
/// A test object runs one attempt after another, as a retried run does.
/// </summary>
public sealed class FlowTest<T> : IDisposable
{
    readonly FlowDefinition _flow;
    readonly JsonElement _parameters;
    readonly Func<FlowContext, Task<T>> _body;
    readonly FlowTestOptions _options;
    readonly RunDirectory _directory;
    readonly Guid _id = Guid.CreateVersion7();
    int _attempt;

    internal FlowTest(MethodInfo method, object? parameters, Func<FlowContext, Task<T>> body, FlowTestOptions? options)
    {
        _flow = FlowDefinition.Of(method) ?? FlowDefinition.OfPlain(method);
        _parameters = parameters is null ? JsonElement.Parse("{}") : JsonSerializer.SerializeToElement(parameters, parameters.GetType(), ResultFormat.Options);
        _body = body;
        _options = options ?? FlowTestOptions.Default;
        _directory = new RunDirectory(_options.RunDirectory ?? Directory.CreateTempSubdirectory("holoflow-test-").FullName);
    }

    /// <summary>Runs the next attempt. What earlier ones finished is not executed again.</summary>
    /// <param name="cancellation">Cancels the run, as a person does.</param>
    /// <exception cref="InvalidOperationException">The flow's definition or the parameters are wrong; the message says all that is.</exception>
    public async Task<FlowTestResult<T>> Run(CancellationToken cancellation = default)
    {
        IReadOnlyList<string> mistakes = [.. _flow.Mistakes(), .. ParameterSchema.Validate(_flow.ParameterSchema, _parameters).Select(mistake => mistake.ToString())];
        if (mistakes.Count > 0)
            throw new InvalidOperationException($"flow '{_flow.Name}': {string.Join("; ", mistakes)}");
        FlowOutcome<T> outcome;
        await using (var session = RunSession.Open(_directory, Describe(), _options.Time, _options.CacheDirectory ?? Path.Combine(_directory.Path, "cache"), _ => { }))
        {
            await using var registration = cancellation.Register(() => _ = session.Cancel("cancelled by the test"));
            var run = new FlowRun(session, null, _id, _options.RunName, _flow, _options.Tags);
            session.Journal.Append(new FlowStarted { Attempt = _attempt, ProcessId = Environment.ProcessId, Host = Environment.MachineName });
            outcome = await FlowExecution.Execute(run, _body);
            await _flow.Hooks.Call(new FlowEnd(_id, _options.RunName, _flow.Name, outcome.State, outcome.Failure), new RunLogger(session, null, null, "flow"));
            session.Journal.Append(new FlowEnded { Attempt = _attempt, Type = outcome.State.Type.ToString(), Name = outcome.State.Name, Message = outcome.State.Message });
        }
        return new FlowTestResult<T>(outcome.State, outcome.Failure, outcome.Result, _directory.Path, ReadJournal());
    }

    public void Dispose()
    {
        if (_options.RunDirectory is null)
            Directory.Delete(_directory.Path, recursive: true);
    }

    RunDescription Describe() => new()
    {
        RunId = _id,
        RunName = _options.RunName,
        FlowName = _flow.Name,
        DeploymentName = _options.DeploymentName,
        Tags = _options.Tags,
        Attempt = ++_attempt,
        Epoch = _attempt,
        ScheduledFor = _options.ScheduledFor,
    };

    List<JournalEntry> ReadJournal() =>
        [.. File.ReadLines(_directory.Journal).Select(line => JsonSerializer.Deserialize(line, JournalFormat.Default.JournalEntry)!)];
}

/// <summary>Runs flows and tasks in unit tests. See <see cref="FlowTest{T}"/>.</summary>
public static class FlowTest
{
    /// <summary>A flow under test, for more than one attempt.</summary>
    public static FlowTest<TOut> Of<TParameters, TOut>(Func<TParameters, FlowContext, Task<TOut>> flow, TParameters parameters, FlowTestOptions? options = null) =>
        new(flow.Method, parameters, async context => await flow(parameters, context), options);

    /// <inheritdoc cref="Of{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters, FlowTestOptions?)"/>
    public static FlowTest<TOut> Of<TParameters, TOut>(Func<TParameters, Task<TOut>> flow, TParameters parameters, FlowTestOptions? options = null) =>
        new(flow.Method, parameters, async _ => await flow(parameters), options);

    /// <inheritdoc cref="Of{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters, FlowTestOptions?)"/>
    public static FlowTest<Nothing> Of<TParameters>(Func<TParameters, FlowContext, Task> flow, TParameters parameters, FlowTestOptions? options = null) =>
        new(flow.Method, parameters, context => WithoutResult(flow(parameters, context)), options);

    /// <inheritdoc cref="Of{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters, FlowTestOptions?)"/>
    public static FlowTest<Nothing> Of<TParameters>(Func<TParameters, Task> flow, TParameters parameters, FlowTestOptions? options = null) =>
        new(flow.Method, parameters, _ => WithoutResult(flow(parameters)), options);

    /// <summary>A flow without parameters, or any asynchronous lambda as one.</summary>
    public static FlowTest<TOut> Of<TOut>(Func<FlowContext, Task<TOut>> flow, FlowTestOptions? options = null) =>
        new(flow.Method, null, async context => await flow(context), options);

    /// <inheritdoc cref="Of{TOut}(Func{FlowContext, Task{TOut}}, FlowTestOptions?)"/>
    public static FlowTest<Nothing> Of(Func<FlowContext, Task> flow, FlowTestOptions? options = null) =>
        new(flow.Method, null, context => WithoutResult(flow(context)), options);

    /// <summary>Runs one attempt of a flow.</summary>
    public static Task<FlowTestResult<TOut>> Run<TParameters, TOut>(Func<TParameters, FlowContext, Task<TOut>> flow, TParameters parameters, FlowTestOptions? options = null) =>
        Once(Of(flow, parameters, options));

    /// <inheritdoc cref="Run{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters, FlowTestOptions?)"/>
    public static Task<FlowTestResult<TOut>> Run<TParameters, TOut>(Func<TParameters, Task<TOut>> flow, TParameters parameters, FlowTestOptions? options = null) =>
        Once(Of(flow, parameters, options));

    /// <inheritdoc cref="Run{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters, FlowTestOptions?)"/>
    public static Task<FlowTestResult<Nothing>> Run<TParameters>(Func<TParameters, FlowContext, Task> flow, TParameters parameters, FlowTestOptions? options = null) =>
        Once(Of(flow, parameters, options));

    /// <inheritdoc cref="Run{TParameters, TOut}(Func{TParameters, FlowContext, Task{TOut}}, TParameters, FlowTestOptions?)"/>
    public static Task<FlowTestResult<Nothing>> Run<TParameters>(Func<TParameters, Task> flow, TParameters parameters, FlowTestOptions? options = null) =>
        Once(Of(flow, parameters, options));

    /// <summary>Runs one attempt of a flow without parameters, or of any asynchronous lambda as a flow.</summary>
    public static Task<FlowTestResult<TOut>> Run<TOut>(Func<FlowContext, Task<TOut>> flow, FlowTestOptions? options = null) => Once(Of(flow, options));

    /// <inheritdoc cref="Run{TOut}(Func{FlowContext, Task{TOut}}, FlowTestOptions?)"/>
    public static Task<FlowTestResult<Nothing>> Run(Func<FlowContext, Task> flow, FlowTestOptions? options = null) => Once(Of(flow, options));

    /// <summary>Runs one task: <c>await FlowTest.RunTask(() =&gt; Imaging.Fit.Submit("a.ms"))</c>.</summary>
    public static Task<FlowTestResult<TOut>> RunTask<TOut>(Func<TaskFuture<TOut>> submit, FlowTestOptions? options = null) =>
        Run(async _ => await submit(), options);

    static async Task<FlowTestResult<T>> Once<T>(FlowTest<T> test)
    {
        using (test)
            return await test.Run();
    }

    static async Task<Nothing> WithoutResult(Task flow)
    {
        await flow;
        return default;
    }
}
