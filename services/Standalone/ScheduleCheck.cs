using Holoflow.Api.Reads;
using Holoflow.ApiModel.Schedules;

namespace Holoflow.Standalone;

/// <summary>Looks at a schedule as a server would, before it is sent or written into a file.</summary>
public static class ScheduleCheck
{
    /// <summary>What is wrong with the schedule's times; nothing where a server would take it.</summary>
    public static IReadOnlyList<string> Mistakes(ScheduleSpec schedule) => FireTimes.Mistakes(schedule);
}
