using System.Text.Json;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Journal;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.Sdk;

/// <summary>One attempt of a run: this process from its start to its exit code.</summary>
static class RunAttempt
{
    public static async Task<int> Run(FlowCatalog catalog, RunDirectory directory, string? method, TaskCluster? cluster = null)
    {
        RunDescription description;
        RunSession session;
        try
        {
            description = RunDescription.Parse(await File.ReadAllBytesAsync(directory.Description));
            session = RunSession.Open(directory, description, TimeProvider.System, Path.Combine(HomeDirectory.Path, "cache"), Report);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Report($"the run directory {directory.Path} cannot be used: {e.Message}");
            return ExitCodes.WrongInput;
        }
        await using (session)
            return await Run(catalog, session, method, cluster);
    }

    static async Task<int> Run(FlowCatalog catalog, RunSession session, string? method, TaskCluster? cluster)
    {
        var log = new RunLogger(session, null, null, "flow");
        var flow = catalog.Find(method, out var mistake);
        var parameters = ReadParameters(session.Directory, out var parameterMistake);
        IReadOnlyList<string> mistakes = catalog.MistakesFor(flow is null ? [] : [flow]) is { Count: > 0 } wrong ? wrong
            : flow is null ? [mistake]
            : parameterMistake is not null ? [parameterMistake.ToString()]
            : [.. ParameterSchema.Validate(flow.ParameterSchema, parameters).Select(one => one.ToString())];
        if (mistakes.Count > 0)
            return await Refuse(session, log, mistakes);
        if (ProfileFor(flow!) is { } profile && await OpenCluster(session, cluster, profile, log) is { } clusterMistake)
            return await Refuse(session, log, [clusterMistake]);
        using var signals = new StopSignals(session);
        await using var control = new ControlFile(session);
        using var crash = new CrashWatch(session, flow!);
        await crash.ReportEarlierCrash();
        var attempt = session.Description.Attempt;
        var started = session.Journal.Append(new FlowStarted { Attempt = attempt, ProcessId = Environment.ProcessId, Host = Environment.MachineName });
        await session.Journal.Written(started, session.Cancellation).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var run = new FlowRun(session, null, session.Description.RunId, session.Description.RunName, flow!, session.Description.Tags);
        var outcome = await FlowExecution.Execute(run, context => flow!.Invoke(parameters, context));
        if (session.Cluster is { } used)
            await used.Close();
        await End(run, outcome, log);
        crash.Ended();
        return outcome.State.Type switch
        {
            RunStateType.Completed => ExitCodes.Completed,
            RunStateType.Cancelled => signals.Interrupted ? ExitCodes.Interrupted : ExitCodes.Cancelled,
            _ => ExitCodes.Failed,
        };
    }

    /// <summary>The profile that is named for the run; null: its tasks are executed in this process.</summary>
    static string? ProfileFor(FlowDefinition flow) =>
        (Environment.GetEnvironmentVariable(RunEnvironment.Cluster) is { Length: > 0 } asked ? asked : flow.Cluster) is { } profile && profile != "local" ? profile : null;

    static async Task<string?> OpenCluster(RunSession session, TaskCluster? cluster, string profile, RunLogger log)
    {
        if (cluster is null)
            return $"cluster profile '{profile}' is asked for, and this program cannot use clusters: its Main has to hand one to FlowProgram.RunAsync(args, new SlurmTasks())";
        try
        {
            session.UseCluster(await cluster.Open(session, profile, log));
            return null;
        }
        catch (ClusterProfileException e)
        {
            return e.Message;
        }
    }

    static async Task End(FlowRun run, FlowOutcome<object?> outcome, RunLogger log)
    {
        const int LargestResult = 64 * 1024;
        var session = run.Session;
        if (outcome.State.Type == RunStateType.Failed)
            log.Error("{exception}", outcome.Failure?.Told() ?? outcome.State.Message);
        // The server starts a failed run again while it has retries: it has not failed yet.
        var retried = outcome.State.Type == RunStateType.Failed && session.Description.Attempt <= run.Flow.Retries;
        if (!retried)
            await run.Flow.Hooks.Call(new FlowEnd(run.Id, run.Name, run.Flow.Name, outcome.State, outcome.Failure), log);
        var result = outcome.Result is JsonElement json && json.GetRawText().Length <= LargestResult ? json : (JsonElement?)null;
        await Written(session, new FlowEnded
        {
            Attempt = session.Description.Attempt,
            Type = outcome.State.Type.ToString(),
            Name = outcome.State.Name,
            Message = outcome.State.Message,
            Result = result,
        });
    }

    static async Task<int> Refuse(RunSession session, RunLogger log, IReadOnlyList<string> mistakes)
    {
        foreach (var mistake in mistakes)
        {
            Report(mistake);
            log.Error(mistake);
        }
        await Written(session, new FlowEnded
        {
            Attempt = session.Description.Attempt,
            Type = nameof(RunStateType.Failed),
            Message = string.Join("; ", mistakes),
        });
        return ExitCodes.WrongInput;
    }

    static async Task Written(RunSession session, FlowEnded end)
    {
        try
        {
            await session.Journal.Written(session.Journal.Append(end), CancellationToken.None);
        }
        catch (IOException e)
        {
            Report($"the end of the run could not be written: {e.Message}");
        }
    }

    static JsonElement ReadParameters(RunDirectory directory, out ParameterMistake? mistake)
    {
        // Any language's tool may start a flow without parameters.
        var text = File.Exists(directory.Parameters) ? File.ReadAllBytes(directory.Parameters) : "{}"u8.ToArray();
        mistake = ParameterSchema.TryParse(text, out var parameters);
        return parameters;
    }

    static void Report(string message) => Console.Error.WriteLine($"holoflow: {message}");
}
