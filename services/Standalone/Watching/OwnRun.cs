using System.Text.Json;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;
using Holoflow.Messaging;

namespace Holoflow.Standalone.Watching;

/// <summary>One run with all services in this process, from its submission to its end (<c>holoflow run</c>).</summary>
public sealed class OwnRun : IAsyncDisposable
{
    readonly Standalone _standalone;
    readonly RunWatch _watch;
    readonly IAsyncDisposable _states;
    readonly StoreLook _look;

    OwnRun(Standalone standalone, RunWatch watch, IAsyncDisposable states, StoreLook look, Guid id)
    {
        _standalone = standalone;
        _watch = watch;
        _states = states;
        _look = look;
        Id = id;
    }

    public Guid Id { get; }

    /// <summary>What the run does, until <see cref="RunEnded"/>; for one reader.</summary>
    public IAsyncEnumerable<RunUpdate> Updates(CancellationToken cancellation = default) => _watch.Updates(cancellation);

    /// <summary>Starts the services on a state directory and submits the run.</summary>
    /// <param name="home">The state directory.</param>
    /// <param name="run">The run; its parameters are checked already.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up before the run is submitted.</param>
    /// <exception cref="StandaloneStartException">Something that the services need is not to be had, or the run was refused.</exception>
    public static async Task<OwnRun> StartAsync(string home, CreateFlowRun run, TimeProvider time, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var watch = new RunWatch(new FlowRunRow
        {
            Id = id,
            Name = run.Name ?? id.ToString(),
            FlowName = run.FlowName,
            Queue = "",
            State = new RunState(RunStateType.Scheduled, nameof(RunStateType.Scheduled), now),
            CreatedAt = now,
            DueAt = now,
        });
        var standalone = await Standalone.StartAsync(StandaloneOptions.ForOneRun(home) with { AgentBus = bus => new WatchedBus(bus, watch), Logs = new WatchLogs(watch), Time = time }, cancellation);
        var states = standalone.Bus.Subscribe<RunStateChanged>(new Subscription("run.#"), (change, _) =>
        {
            watch.Changed(change);
            return ValueTask.CompletedTask;
        });
        _ = TellOfApi(standalone.ApiStarted, watch);
        var own = new OwnRun(standalone, watch, states, new StoreLook(standalone.Database, id, watch, time), id);
        var answer = await Patiently(() => standalone.SubmitOwnAsync(Submission(id, run), cancellation));
        if (answer.Outcome is CommandOutcome.Accepted or CommandOutcome.Ignored)
            return own;
        await own.DisposeAsync();
        throw new StandaloneStartException($"the run was refused: {answer.Reason}");
    }

    /// <summary>Asks for the run's cancellation; <see cref="Updates"/> tells when it is through.</summary>
    public Task CancelAsync(string reason) => Patiently(async () => await _standalone.Bus.Request(new CancelRun(Id, reason)));

    /// <summary>Kills the processes of the run, without grace.</summary>
    public Task KillAsync() => _standalone.KillRunsAsync();

    public async ValueTask DisposeAsync()
    {
        await _look.DisposeAsync();
        await _states.DisposeAsync();
        await _standalone.DisposeAsync();
    }

    // A run that is over before the API is there has nobody to look at it.
    static async Task TellOfApi(Task<Uri?> started, RunWatch watch)
    {
        await ((Task)started).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (started.IsCompletedSuccessfully && await started is { } address)
            watch.Said($"while the run lasts, the REST API answers at {address.AbsoluteUri.TrimEnd('/')}/api");
    }

    // Both requests are harmless when repeated; on a machine with far too much to do, an answer takes its time.
    static async Task<CommandAnswered> Patiently(Func<Task<CommandAnswered>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (TimeoutException)
            {
                // The state store may have carried it out already: it says so when asked again.
            }
        }
    }

    static SubmitRun Submission(Guid id, CreateFlowRun run) => new()
    {
        RunId = id,
        RunName = run.Name,
        FlowName = run.FlowName,
        Parameters = run.Parameters ?? JsonElement.Parse("{}"),
        Tags = run.Tags ?? [],
        Program = new RunProgram
        {
            Path = run.Program.Path,
            Method = run.Program.Method,
            WorkingDirectory = run.Program.WorkingDirectory,
            Environment = run.Program.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Retries = run.Program.Retries,
            RetryDelaySeconds = run.Program.RetryDelaySeconds,
            TimeoutSeconds = run.Program.TimeoutSeconds,
            CrashReschedules = run.Program.CrashReschedules,
            FlowVersion = run.Program.FlowVersion,
            Cluster = run.Program.Cluster,
        },
    };
}
