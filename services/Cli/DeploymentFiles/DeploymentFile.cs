using System.Text.Json.Nodes;
using Holoflow.ApiModel.Schedules;

namespace Holoflow.Cli.DeploymentFiles;

/// <summary>A deployment as a person keeps it in a file. What the program says of itself is not in it: it is asked when applied.</summary>
sealed record DeploymentFile
{
    /// <summary>The deployment's name, without the flow's.</summary>
    public required string Name { get; init; }

    /// <summary>ENTRYPOINT; a relative path starts at the file's folder.</summary>
    public required string Entrypoint { get; init; }

    /// <summary>The flow's name, checked against the program; null: not checked.</summary>
    public string? Flow { get; init; }

    public string? Description { get; init; }

    public string? WorkingDirectory { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Infrastructure { get; init; } = "process";

    /// <summary>The cluster profile, where the infrastructure is slurm.</summary>
    public string? Cluster { get; init; }

    public string Queue { get; init; } = "default";

    public int Priority { get; init; }

    public int CrashReschedules { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public JsonObject Parameters { get; init; } = [];

    /// <summary>Null: the schedules stay as they are.</summary>
    public IReadOnlyList<ScheduleSpec>? Schedules { get; init; }
}

/// <summary>The keys of the file, in the order in which they are written.</summary>
static class DeploymentKeys
{
    public const string Name = "name";
    public const string Flow = "flow";
    public const string Description = "description";
    public const string Entrypoint = "entrypoint";
    public const string WorkingDirectory = "working-directory";
    public const string Environment = "environment";
    public const string Infrastructure = "infrastructure";
    public const string Cluster = "cluster";
    public const string Queue = "queue";
    public const string Priority = "priority";
    public const string CrashReschedules = "crash-reschedules";
    public const string Tags = "tags";
    public const string Parameters = "parameters";
    public const string Schedules = "schedules";

    public const string Cron = "cron";
    public const string Interval = "interval";
    public const string AnchorDate = "anchor-date";
    public const string Rrule = "rrule";
    public const string TimeZone = "timezone";
    public const string CatchUp = "catch-up";
    public const string Expiry = "expiry";
    public const string Active = "active";

    public static readonly IReadOnlyList<string> OfDeployment =
        [Name, Flow, Description, Entrypoint, WorkingDirectory, Environment, Infrastructure, Cluster, Queue, Priority, CrashReschedules, Tags, Parameters, Schedules];

    public static readonly IReadOnlyList<string> OfSchedule = [Cron, Interval, AnchorDate, Rrule, TimeZone, CatchUp, Expiry, Active, Parameters];
}
