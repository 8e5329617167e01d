using System.Net;
using Holoflow.Messaging;
using Holoflow.Notifications;
using Holoflow.Scheduler;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holoflow.Standalone;

/// <summary>What one process is made of.</summary>
public sealed record StandaloneOptions
{
    /// <summary>The port that the API has where nobody chose one.</summary>
    public const int DefaultPort = 4200;

    /// <summary>The state directory: database, run directories, agents. Made where it is missing.</summary>
    public required string Home { get; init; }

    /// <summary>The API's port; 0: a free one; null: no API.</summary>
    public int? Port { get; init; }

    /// <summary>The address that the API listens on; beyond loopback every caller needs an API token.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Asks for API tokens on loopback as well.</summary>
    public bool RequireTokens { get; init; }

    /// <summary>A file that holds the first API token, of scope admin; written where it is missing. Null: none.</summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>Serves the description of the API as well, which takes longer to start.</summary>
    public bool ServeOpenApi { get; init; }

    /// <summary>The directory of the dashboard's built files; null: where the build lays them.</summary>
    public string? DashboardDirectory { get; init; }

    /// <summary>True where <see cref="Standalone.StartAsync"/> returns when the API answers; else it starts beside the work.</summary>
    public bool WaitForApi { get; init; }

    /// <summary>Where the API starts beside the work: how long after the start, so that a short run does not pay for it.</summary>
    public TimeSpan ApiDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The work queues of an agent in this process; none: no agent but one that finishes what dead ones left.</summary>
    public IReadOnlyList<string> AgentQueues { get; init; } = [];

    /// <summary>How many runs that agent takes at a time.</summary>
    public int AgentSlots { get; init; } = 10;

    /// <summary>The agent's name; null: one that nobody else has.</summary>
    public string? AgentName { get; init; }

    /// <summary>True in a process that serves one run of its own: its agent takes that from a queue which nobody else knows.</summary>
    public bool IsForOneRun { get; init; }

    /// <summary>In a process for one run: the queue that this run is in already; null: one of its own.</summary>
    public string? RunQueue { get; init; }

    /// <summary>True in a process that only answers requests, for the length of one command: it starts nothing by itself, neither runs nor schedules.</summary>
    public bool AnswersOnly { get; init; }

    /// <summary>What the agent uses in place of the bus, for one who wants to see what it tells; null: the bus.</summary>
    public Func<IMessageBus, IMessageBus>? AgentBus { get; init; }

    /// <summary>Variables of every flow process.</summary>
    public IReadOnlyDictionary<string, string> RunEnvironment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>From SIGTERM to SIGKILL when a run is cancelled; null: the agent's own.</summary>
    public TimeSpan? CancelGrace { get; init; }

    /// <summary>The scheduler's times, and how long runs are kept; a process for one run fires no schedules and removes nothing.</summary>
    public SchedulerOptions Scheduling { get; init; } = new();

    /// <summary>By what ways notifications leave.</summary>
    public NotifierOptions Notifications { get; init; } = new();

    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A server that stays: API on <paramref name="port"/>, schedules, no agent unless <see cref="AgentQueues"/> are named.</summary>
    public static StandaloneOptions Server(string home, int port = DefaultPort) => new() { Home = home, Port = port, WaitForApi = true, ServeOpenApi = true };

    /// <summary>The API on a free port, for one command that has no server.</summary>
    public static StandaloneOptions ForOneCommand(string home) => new() { Home = home, Port = 0, WaitForApi = true, AnswersOnly = true };

    /// <summary>One run (<c>holoflow run</c>): an agent for it alone, the API on a free port off the path.</summary>
    public static StandaloneOptions ForOneRun(string home) => new() { Home = home, Port = 0, IsForOneRun = true, AgentSlots = 1 };
}

/// <summary>The process cannot start; the message is one clear line for people: what is wrong, and what would be right.</summary>
public sealed class StandaloneStartException(string message, Exception? inner = null) : Exception(message, inner);
