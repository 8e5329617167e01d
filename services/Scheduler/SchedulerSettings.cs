using Holoflow.Hosting;

namespace Holoflow.Scheduler;

/// <summary>What the environment says of how long runs are kept, the same for a scheduler of its own and for a server that holds one.</summary>
public static class SchedulerSettings
{
    /// <summary><c>HOLOFLOW_RUN_KEEP_DAYS</c> and <c>HOLOFLOW_RUN_KEEP_PER_FLOW</c>; 0 keeps all.</summary>
    public static SchedulerOptions Read(ServiceSettings settings) => new()
    {
        KeepRunsFor = settings.Number("HOLOFLOW_RUN_KEEP_DAYS", 0, 0, 36_500) is > 0 and var days ? TimeSpan.FromDays(days) : null,
        KeepRunsPerFlow = settings.Number("HOLOFLOW_RUN_KEEP_PER_FLOW", 0, 0, 1_000_000_000) is > 0 and var runs ? runs : null,
    };
}
