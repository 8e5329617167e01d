using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Domain.Schedules;
using Holoflow.Messaging;
using Holoflow.ReadModel.Scheduling;
using Microsoft.Extensions.Logging;

namespace Holoflow.Scheduler.Schedules;

/// <summary>Turns fire times into runs. Several processes may do so at once: schedule and fire time make a run unique.</summary>
sealed class DueSchedules(IMessageBus bus, WaitingRuns waiting, SchedulerOptions options, ILogger logger)
{
    static readonly JsonElement NoParameters = JsonDocument.Parse("{}").RootElement.Clone();

    /// <summary>When the next fire time is, as far as the last pass knows; null: there is none.</summary>
    public DateTimeOffset? NextFire { get; private set; }

    /// <summary>One pass over all active schedules; how many runs were asked for.</summary>
    public async Task<int> RunOnce(DateTimeOffset now, CancellationToken cancellation)
    {
        NextFire = null;
        if (!options.FireSchedules)
            return 0;
        var submitted = 0;
        foreach (var stored in await waiting.ReadSchedules(cancellation))
        {
            if (ScheduleRules.Read(stored, out var mistakes) is not { } schedule)
            {
                Log.ScheduleNotUnderstood(logger, stored.DeploymentName, mistakes[0].Message);
                continue;
            }

            if (schedule.Next(stored.AdvancedThrough) is { } next && next <= now)
                submitted += await Fire(stored, schedule, now, cancellation);
            if (schedule.Next(now) is { } later && !(NextFire <= later))
                NextFire = later;
        }

        return submitted;
    }

    async Task<int> Fire(ActiveSchedule stored, Schedule schedule, DateTimeOffset now, CancellationToken cancellation)
    {
        var plan = CatchUpPlan.Decide(schedule, stored.AdvancedThrough, now, ScheduleRules.CatchUp(stored, options.ScheduleGrace));
        foreach (var skipped in plan.Skipped)
            Log.FireTimesSkipped(logger, stored.DeploymentName, skipped.Count, skipped.First, skipped.Last, skipped.Reason);
        foreach (var fireTime in plan.Runs)
        {
            var answer = await bus.Request(ToSubmit(stored, fireTime, now), cancellation);
            if (answer.Outcome is CommandOutcome.Refused or CommandOutcome.NotFound)
                Log.ScheduledRunRefused(logger, stored.DeploymentName, fireTime, answer.Reason);
        }

        // Only now: were this process to die before, the next one would submit the same fire times again, harmlessly.
        await bus.Request(new ScheduleAdvanced(stored.Id, plan.DecidedThrough), cancellation);
        return plan.Runs.Count;
    }

    static SubmitRun ToSubmit(ActiveSchedule stored, DateTimeOffset fireTime, DateTimeOffset now) => new()
    {
        RunId = Guid.CreateVersion7(now),
        DeploymentId = stored.DeploymentId,
        Parameters = stored.Parameters is { } json ? Parse(json) : NoParameters,
        DueAt = fireTime,
        ExpiresAt = stored.ExpirySeconds is { } seconds ? fireTime + TimeSpan.FromSeconds(seconds) : null,
        ScheduleId = stored.Id,
        FireTime = fireTime,
    };

    static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
