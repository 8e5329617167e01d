using System.Buffers;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Holoflow.RunProtocol.Journal;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.Sdk;

/// <summary>Runs a flow within a flow, as a run of its own.</summary>
static class NestedFlow
{
    static readonly ConcurrentDictionary<MethodInfo, FlowDefinition> Definitions = new();

    public static async Task<T> Run<T>(MethodInfo method, object? parameters, Func<FlowContext, Task<T>> body)
    {
        var flow = Definitions.GetOrAdd(method, Define);
        if (TaskContext.CurrentOrNull is { } task)
            throw new InvalidOperationException($"flow '{flow.Name}' was called inside task '{task.TaskKey}': flows are called by flows");
        var parent = Flow.Current.FlowRun;
        parent.Cancellation.ThrowIfCancellationRequested();
        var session = parent.Session;
        var json = ParametersOf(flow, parameters);
        var identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"flow {flow.Name} {json.GetRawText()}")).AsSpan(0, 16));
        var (key, _) = parent.NextKey(flow.Name, identity);
        var id = RunIds.Of(parent.Id, key);
        if (session.Results.TryFind(parent.NestedId, key, identity, out var kept))
            return Restored<T>(session, parent, id, kept);
        var tags = TagScope.With(parent.Tags);
        if (!session.History.Knows(id))
            session.Journal.Append(new NestedRunCreated
            {
                Run = parent.NestedId,
                NestedRun = id,
                Key = key,
                Identity = identity,
                FlowName = flow.Name,
                RunName = $"{parent.Name}/{key}",
                Parameters = json,
                Tags = tags,
            });
        var outcome = await Attempts(() => new FlowRun(session, parent, id, $"{parent.Name}/{key}", flow, tags), body);
        if (outcome.State.IsCompleted)
            await Keep(session, parent, key, identity, outcome.Result!);
        await session.Journal.Written(Write(session, parent, id, outcome.State));
        if (outcome.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        return outcome.State.IsCompleted ? outcome.Result! : throw new OperationCanceledException(outcome.State.ToString(), parent.Cancellation);
    }

    static async Task<FlowOutcome<T>> Attempts<T>(Func<FlowRun> create, Func<FlowContext, Task<T>> body)
    {
        for (var attempt = 0; ; attempt++)
        {
            var run = create();
            var session = run.Session;
            var log = new RunLogger(session, run.NestedId, null, run.Flow.Name);
            await session.Journal.Written(Write(session, run.Parent!, run.Id, attempt == 0 ? RunState.Running : RunState.Retrying), run.Cancellation);
            var outcome = await FlowExecution.Execute(run, body);
            if (outcome.State.Type == RunStateType.Failed)
                log.Error("{exception}", outcome.Failure?.Told());
            var again = outcome.State.Type == RunStateType.Failed && attempt < run.Flow.Retries && !run.Parent!.Cancellation.IsCancellationRequested;
            if (!again)
            {
                await run.Flow.Hooks.Call(new FlowEnd(run.Id, run.Name, run.Flow.Name, outcome.State, outcome.Failure), log);
                return outcome;
            }
            Write(session, run.Parent!, run.Id, RunState.AwaitingRetry(outcome.State.Message!));
            await Task.Delay(run.Flow.RetryDelay, session.Time, run.Parent!.Cancellation);
            await session.TakeUpOwnResults();
        }
    }

    static T Restored<T>(RunSession session, FlowRun parent, Guid id, ReadOnlyMemory<byte> kept)
    {
        if (!session.History.Completed(id))
            Write(session, parent, id, RunState.Completed);
        return ResultFormat<T>.Read(kept.Span);
    }

    static async Task Keep<T>(RunSession session, FlowRun parent, string key, string identity, T result)
    {
        var json = new ArrayBufferWriter<byte>();
        try
        {
            await using var writer = new Utf8JsonWriter(json);
            ResultFormat<T>.Write(writer, result);
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            Flow.Current.Log.Warning($"the result of nested flow '{key}' is a {ResultFormat.NameOf(typeof(T))}, which does not survive JSON; a retried run executes the flow again: {e.Message}");
            return;
        }
        await session.Results.Keep(parent.NestedId, key, identity, json.WrittenMemory, default);
    }

    static long Write(RunSession session, FlowRun parent, Guid id, RunState state) => session.Journal.Append(new NestedRunChanged
    {
        Run = parent.NestedId,
        NestedRun = id,
        Type = state.Type.ToString(),
        Name = state.Name,
        Message = state.Message,
    });

    static JsonElement ParametersOf(FlowDefinition flow, object? parameters)
    {
        var json = parameters is null ? JsonElement.Parse("{}") : JsonSerializer.SerializeToElement(parameters, parameters.GetType(), ResultFormat.Options);
        var mistakes = ParameterSchema.Validate(flow.ParameterSchema, json);
        return mistakes.Count == 0 ? json : throw new ArgumentException($"flow '{flow.Name}' was called with wrong parameters: {string.Join("; ", mistakes)}", nameof(parameters));
    }

    static FlowDefinition Define(MethodInfo method)
    {
        var flow = FlowDefinition.Of(method) ?? throw new ArgumentException($"{method.DeclaringType?.Name}.{method.Name} is not a flow: it has no [Flow] attribute", nameof(method));
        var mistakes = flow.Mistakes().ToList();
        return mistakes.Count == 0 ? flow : throw new ArgumentException($"flow '{flow.Name}' {string.Join("; ", mistakes)}", nameof(method));
    }
}
