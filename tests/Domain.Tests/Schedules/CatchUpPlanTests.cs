using FsCheck;
using FsCheck.Fluent;
using Holoflow.Domain.Schedules;

namespace Holoflow.Domain.Tests.Schedules;

public sealed class CatchUpPlanTests
{
    static readonly DateTimeOffset Noon = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    static readonly Schedule Hourly = Schedule.Parse(new ScheduleDefinition { Cron = "@hourly" });

    [Theory]
    [InlineData(CatchUpPolicy.All, "07:00 08:00 09:00 10:00 11:00 12:00", "")]
    [InlineData(CatchUpPolicy.Last, "12:00", "Superseded 07:00-11:00 5")]
    [InlineData(CatchUpPolicy.None, "12:00", "Missed 07:00-11:00 5")]
    public void AFireTimeThatIsNotLateAlwaysRuns(CatchUpPolicy policy, string runs, string skipped) =>
        Expect(runs, skipped, CatchUpPlan.Decide(Hourly, Noon.AddHours(-6), Noon.AddSeconds(20), new CatchUpRules { Policy = policy }));

    [Theory]
    [InlineData(CatchUpPolicy.All, "07:00 08:00 09:00 10:00 11:00 12:00", "")]
    [InlineData(CatchUpPolicy.Last, "12:00", "Superseded 07:00-11:00 5")]
    [InlineData(CatchUpPolicy.None, "", "Missed 07:00-12:00 6")]
    public void LateFireTimesGoByThePolicy(CatchUpPolicy policy, string runs, string skipped) =>
        Expect(runs, skipped, CatchUpPlan.Decide(Hourly, Noon.AddHours(-6), Noon.AddMinutes(10), new CatchUpRules { Policy = policy }));

    [Theory]
    [InlineData(CatchUpPolicy.All, 150, "10:00 11:00 12:00", "Expired 07:00-09:00 3")]
    [InlineData(CatchUpPolicy.Last, 150, "12:00", "Expired 07:00-09:00 3, Superseded 10:00-11:00 2")]
    [InlineData(CatchUpPolicy.None, 150, "", "Expired 07:00-09:00 3, Missed 10:00-12:00 3")]
    [InlineData(CatchUpPolicy.Last, 5, "", "Expired 07:00-12:00 6")]
    public void WhatIsOlderThanTheExpiryNeverRuns(CatchUpPolicy policy, int expiryMinutes, string runs, string skipped) =>
        Expect(runs, skipped, CatchUpPlan.Decide(Hourly, Noon.AddHours(-6), Noon.AddMinutes(10),
            new CatchUpRules { Policy = policy, Expiry = TimeSpan.FromMinutes(expiryMinutes) }));

    [Fact]
    public void TheNewestAreKeptWhereThereAreTooMany() => Expect("11:00 12:00", "Expired 07:00-07:00 1, OverLimit 08:00-10:00 3",
        CatchUpPlan.Decide(Hourly, Noon.AddHours(-6), Noon.AddMinutes(10),
            new CatchUpRules { Policy = CatchUpPolicy.All, MaxRuns = 2, Expiry = TimeSpan.FromHours(4.5) }));

    [Fact]
    public void AClockThatStepsBackDecidesNothing()
    {
        var plan = CatchUpPlan.Decide(Hourly, Noon, Noon.AddHours(-3), new CatchUpRules());
        Assert.Empty(plan.Runs);
        Assert.Empty(plan.Skipped);
        Assert.Equal(Noon, plan.DecidedThrough);
    }

    [Fact]
    public void TenYearsOfMinutesAreNotWalkedThrough()
    {
        var asked = new CountingSchedule(Schedule.Parse(new ScheduleDefinition { Cron = "* * * * *", TimeZone = "Europe/Berlin" }));
        var plan = CatchUpPlan.Decide(asked, Noon.AddYears(-10), Noon, new CatchUpRules { Policy = CatchUpPolicy.All, MaxRuns = 50 });
        Assert.Equal(Noon, plan.Runs[^1]);
        Assert.Equal(50, plan.Runs.Count);
        Assert.Equal([new SkippedFireTimes(SkipReason.OverLimit, Noon.AddYears(-10).AddMinutes(1), Noon.AddMinutes(-50), null)], plan.Skipped);
        Assert.InRange(asked.Answers, 1, 25_000);
    }

    [Fact]
    public void EveryFireTimeIsDecidedOnceByTheRulesAsTold() => Check.QuickThrowOnFailure(Prop.ForAll(Cases().ToArbitrary(), c =>
    {
        var plan = CatchUpPlan.Decide(c.Schedule, c.LastFired, c.Now, c.Rules);
        var due = c.Schedule.Occurrences(c.LastFired).TakeWhile(time => time <= c.Now).ToArray();
        var fresh = due.Where(time => !c.Rules.IsExpired(time, c.Now)).ToArray();
        var onTime = fresh.Where(time => c.Now - time <= c.Rules.Grace).ToArray();
        var wanted = c.Rules.Policy switch
        {
            CatchUpPolicy.All => fresh,
            CatchUpPolicy.Last => onTime.Length > 0 ? onTime : fresh.TakeLast(1),
            _ => onTime,
        };
        var runs = wanted.TakeLast(c.Rules.MaxRuns).ToArray();
        var skipped = due.Except(runs).ToArray();
        return plan.Runs.SequenceEqual(runs)
            && plan.Skipped.Sum(s => s.Count) == skipped.Length
            && plan.Skipped.All(s => s.Count == skipped.Count(time => time >= s.First && time <= s.Last))
            && plan.Skipped.Zip(plan.Skipped.Skip(1)).All(pair => pair.First.Last < pair.Second.First && pair.First.Reason != pair.Second.Reason)
            && plan.Skipped.All(s => s.Reason != SkipReason.Expired || c.Rules.IsExpired(s.Last, c.Now))
            && plan.Skipped.All(s => s.Reason == SkipReason.Expired || !c.Rules.IsExpired(s.First, c.Now))
            && plan.DecidedThrough == (c.Now > c.LastFired ? c.Now : c.LastFired);
    }));

    [Fact]
    public void CuttingTheTimeInTwoLosesNothing() => Check.QuickThrowOnFailure(Prop.ForAll(Cases().ToArbitrary(), c =>
    {
        // With no limits in the way, looking twice decides the same as looking once.
        var rules = new CatchUpRules { Policy = CatchUpPolicy.All, MaxRuns = 100_000 };
        var middle = c.LastFired + ((c.Now - c.LastFired) / 2);
        var first = CatchUpPlan.Decide(c.Schedule, c.LastFired, middle, rules);
        var second = CatchUpPlan.Decide(c.Schedule, first.DecidedThrough, c.Now, rules);
        return first.Runs.Concat(second.Runs).SequenceEqual(CatchUpPlan.Decide(c.Schedule, c.LastFired, c.Now, rules).Runs);
    }));

    [Fact]
    public void RulesThatMakeNoSenseAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CatchUpRules { MaxRuns = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CatchUpRules { Expiry = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CatchUpRules { Grace = TimeSpan.FromSeconds(-1) });
    }

    static Gen<(Schedule Schedule, DateTimeOffset LastFired, DateTimeOffset Now, CatchUpRules Rules)> Cases() =>
        from schedule in Gen.Elements(
            new ScheduleDefinition { Cron = "*/7 * * * *", TimeZone = "Europe/Berlin" },
            new ScheduleDefinition { Cron = "*/10 2 * * *", TimeZone = "Australia/Lord_Howe" },
            new ScheduleDefinition { IntervalSeconds = 97 },
            new ScheduleDefinition { Rrule = "DTSTART:20240101T000000 RRULE:FREQ=MINUTELY;INTERVAL=13;COUNT=20000" },
            new ScheduleDefinition { Rrule = "FREQ=DAILY;BYHOUR=3,4,5;BYMINUTE=0,1,2,3" })
        from last in Gen.Choose(0, 400 * 86_400)
        from gone in Gen.OneOf(Gen.Choose(-100, 600), Gen.Choose(0, 100_000))
        from policy in Gen.Elements(CatchUpPolicy.All, CatchUpPolicy.Last, CatchUpPolicy.None)
        from expiry in Gen.OneOf(Gen.Constant<int?>(null), Gen.Choose(1, 50_000).Select(s => (int?)s))
        from most in Gen.OneOf(Gen.Choose(1, 5), Gen.Choose(1, 1_000))
        from grace in Gen.Choose(0, 3_000)
        let start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(last)
        select (Schedule.Parse(schedule), start, start.AddSeconds(gone), new CatchUpRules
        {
            Policy = policy, Expiry = expiry is { } s ? TimeSpan.FromSeconds(s) : null, MaxRuns = most, Grace = TimeSpan.FromSeconds(grace),
        });

    static void Expect(string runs, string skipped, CatchUpPlan plan)
    {
        Assert.Equal(runs, string.Join(' ', plan.Runs.Select(time => $"{time:HH:mm}")));
        Assert.Equal(skipped, string.Join(", ", plan.Skipped.Select(s => $"{s.Reason} {s.First:HH:mm}-{s.Last:HH:mm} {s.Count}")));
    }

    sealed class CountingSchedule(Schedule schedule) : Schedule
    {
        public int Answers { get; private set; }

        public override DateTimeOffset? Next(DateTimeOffset after)
        {
            Answers++;
            return schedule.Next(after);
        }
    }
}
