using System.Text;
using Holoflow.Agent;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Persistence;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.RunProtocol.Files;
using Microsoft.Extensions.Logging;

namespace Holoflow.Standalone;

/// <summary>
/// Runs of earlier <c>holoflow run</c>s that a server was asked to attempt again: the queue of each was its process's alone, so each has
/// an agent here, for as long as it lasts. They are noted on disk, so that the next server on the state directory goes on with them.
/// </summary>
sealed class RetriedRuns : IAsyncDisposable
{
    /// <summary>Between two looks for runs whose end was told to another process.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    readonly string _notes;
    readonly IMessageBus _bus;
    readonly FlowRunDetails _runs;
    readonly Func<string, Task<FlowAgent>> _startAgent;
    readonly ILogger _log;
    readonly Dictionary<Guid, FlowAgent> _agents = [];
    readonly SemaphoreSlim _one = new(1);
    readonly SemaphoreSlim _changed = new(0);
    readonly CancellationTokenSource _stopping = new();
    readonly CancellationToken _stop;
    ISubscription? _states;
    Task _loop = Task.CompletedTask;

    /// <param name="home">The state directory.</param>
    /// <param name="bus">Carries the retry to the state store, and tells of ends.</param>
    /// <param name="database">Says whether a run has ended.</param>
    /// <param name="startAgent">Starts an agent that takes one run at a time from the queue.</param>
    /// <param name="log">Where faults are told.</param>
    public RetriedRuns(string home, IMessageBus bus, Database database, Func<string, Task<FlowAgent>> startAgent, ILogger log)
    {
        (_notes, _bus, _runs, _startAgent, _log) = (Path.Combine(home, "retried"), bus, new FlowRunDetails(database), startAgent, log);
        _stop = _stopping.Token;
    }

    /// <summary>Goes on with what an earlier server was asked for.</summary>
    /// <exception cref="AgentStartException">The state directory cannot be written.</exception>
    public async Task StartAsync()
    {
        _states = _bus.Subscribe<RunStateChanged>(new Subscription("run.#"), (change, _) =>
        {
            if (PrivateQueue.Is(change.Queue))
                _changed.Release();
            return ValueTask.CompletedTask;
        });
        foreach (var (run, queue) in Noted())
        {
            if (await HasEnded(run))
                File.Delete(NoteOf(run));
            else
                _agents[run] = await _startAgent(queue);
        }

        _loop = Loop();
    }

    /// <summary>Has a run attempted again.</summary>
    /// <param name="command">The request for it.</param>
    /// <param name="queue">The queue that the run is in.</param>
    public async Task<CommandAnswered> Retry(RerunRun command, string queue)
    {
        await _one.WaitAsync(_stop);
        try
        {
            // Before it is asked for: whatever dies from here on, the run is not left waiting.
            _ = Directory.CreateDirectory(_notes);
            WholeFile.Replace(NoteOf(command.RunId), Encoding.UTF8.GetBytes(queue));
            if (!_agents.ContainsKey(command.RunId))
                _agents[command.RunId] = await _startAgent(queue);
            return await _bus.Request(command, _stop);
        }
        catch (Exception e) when (e is AgentStartException or IOException)
        {
            return new CommandAnswered(CommandOutcome.Refused, $"the run cannot be started again: {e.Message}");
        }
        finally
        {
            _ = _one.Release();
            // Where the retry was refused, the next look lets the agent go.
            _ = _changed.Release();
        }
    }

    /// <summary>Stops the agents; what they run goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_states is not null)
            await _states.DisposeAsync();
        await _stopping.CancelAsync();
        await _loop;
        // A retry that is being carried out ends first.
        await _one.WaitAsync(CancellationToken.None);
        foreach (var agent in _agents.Values)
            await agent.DisposeAsync();
        _stopping.Dispose();
    }

    async Task Loop()
    {
        try
        {
            while (true)
            {
                _ = await _changed.WaitAsync(LookEvery, _stop);
                await Pass();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    // A loop that ends at a fault would keep agents of runs that are long over.
    async Task Pass()
    {
        try
        {
            await RunOnce();
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            _log.EndsNotSeen(e.Message);
        }
    }

    /// <summary>Lets the agents go whose runs have ended.</summary>
    async Task RunOnce()
    {
        await _one.WaitAsync(_stop);
        try
        {
            foreach (var (run, agent) in _agents.ToList())
            {
                if (!await HasEnded(run))
                    continue;
                await agent.DrainAsync().WaitAsync(_stop);
                _ = _agents.Remove(run);
                await agent.DisposeAsync();
                File.Delete(NoteOf(run));
            }
        }
        finally
        {
            _ = _one.Release();
        }
    }

    async Task<bool> HasEnded(Guid run) => await _runs.Find(run, _stop) is not { EndedAt: null };

    string NoteOf(Guid run) => Path.Combine(_notes, run.ToString());

    IEnumerable<(Guid Run, string Queue)> Noted()
    {
        foreach (var file in Directory.Exists(_notes) ? Directory.GetFiles(_notes) : [])
            if (Guid.TryParse(Path.GetFileName(file), out var run) && File.ReadAllText(file) is var queue && PrivateQueue.Is(queue))
                yield return (run, queue);
    }
}
