namespace Holoflow.Scheduler;

/// <summary>What one pass did, and when the next is due if no bell rings.</summary>
/// <param name="Submitted">Runs asked for by schedules.</param>
/// <param name="Swept">Runs whose lease or time was up.</param>
/// <param name="Offered">Runs offered to agents.</param>
/// <param name="NextAt">When the next thing falls due.</param>
public readonly record struct SchedulerPass(int Submitted, int Swept, int Offered, DateTimeOffset NextAt);
