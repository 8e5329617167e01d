using Holoflow.Contracts;
using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Follow;

namespace Holoflow.Agent;

/// <summary>How an agent works.</summary>
public sealed record AgentOptions
{
    /// <summary>For how many days run files are kept where nobody says otherwise.</summary>
    public const int KeepRunDays = 30;

    /// <summary>Unique on its machine and home; names its state directory.</summary>
    public required string Name { get; init; }

    /// <summary>The state directory of the user (<c>HOLOFLOW_HOME</c>).</summary>
    public required string Home { get; init; }

    /// <summary>The work queues it takes runs from.</summary>
    public required IReadOnlyList<string> Queues { get; init; }

    /// <summary>A run must carry all of them to be taken.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How many runs at a time; 0: none, only what it adopts.</summary>
    public int Slots { get; init; } = 10;

    /// <summary>Set in every flow process, under the deployment's own variables.</summary>
    public IReadOnlyDictionary<string, string> RunEnvironment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>From SIGTERM to SIGKILL.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two messages that tell of itself.</summary>
    public TimeSpan AnnounceEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How old a batch of events or log lines may become.</summary>
    public TimeSpan BatchAge { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How soon, and how often at most, a line that is drawn over again and again is told of before it ends.</summary>
    public TimeSpan RedrawEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many bytes of each output stream of an attempt are shipped; then only the end of it.</summary>
    public long StreamLimit { get; init; } = 64L * 1024 * 1024;

    /// <summary>
    /// How long after a run's end its journal, streams and kept results stay on disk, for a retry that goes on where it stopped;
    /// zero: for ever. What the flow itself wrote there, and artifacts, always stay.
    /// </summary>
    public TimeSpan KeepRunFiles { get; init; } = TimeSpan.FromDays(KeepRunDays);

    /// <summary>
    /// True for the agent of one <c>holoflow run</c>: its state directory goes with it, runs that it cannot start end at once
    /// (there is no other agent to take them), and other agents finish what it leaves.
    /// </summary>
    public bool Private { get; init; }

    /// <summary>Looks for private agents that died, and finishes their runs.</summary>
    public bool AdoptsOrphans { get; init; }

    /// <summary>Runs Slurm's commands, where runs or their tasks are Slurm jobs.</summary>
    public ISlurmCalls SlurmCommands { get; init; } = new CommandCalls(TimeProvider.System);

    /// <summary>How often Slurm is asked for the jobs of all runs.</summary>
    public FollowIntervals SlurmIntervals { get; init; } = FollowIntervals.Default;

    /// <exception cref="AgentStartException">An option is wrong; the message says which and what would be right.</exception>
    public void Validate()
    {
        if (!AgentName.IsOne(Name))
            throw new AgentStartException($"agent name '{Name}' is not usable: {AgentName.Rule}");
        if (Slots < 0)
            throw new AgentStartException($"limit {Slots} is not usable: 0 or more runs at a time");
        if (KeepRunFiles < TimeSpan.Zero)
            throw new AgentStartException("the time that run files are kept is negative: zero keeps them for ever");
        if (Slots > 0 && Queues.Count == 0)
            throw new AgentStartException("no work queue is given: name at least one");
        if (Queues.Any(string.IsNullOrWhiteSpace) || Tags.Any(string.IsNullOrWhiteSpace))
            throw new AgentStartException("a work queue or tag is empty");
    }
}

/// <summary>The agent cannot start; the message is for the person who started it.</summary>
public sealed class AgentStartException : Exception
{
    public AgentStartException(string message)
        : base(message)
    {
    }

    public AgentStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
