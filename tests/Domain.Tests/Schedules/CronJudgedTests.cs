using Holoflow.Domain.Schedules;
using Holoflow.Domain.Schedules.Cron;

namespace Holoflow.Domain.Tests.Schedules;

/// <summary>Generated expressions against a scan of every minute, and against python3-croniter.</summary>
public sealed class CronJudgedTests
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Sydney")]
    [InlineData("Australia/Perth")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Africa/Cairo")]
    [InlineData("Pacific/Apia")]
    public void AgreesWithAScanOfEveryMinute(string zone)
    {
        Assert.True(ZoneClock.TryFind(zone, out var clock, out _));
        var random = new Random(zone.Length);
        var starts = ChangesOfClocks(clock.Zone, 2005, 2032).Select(change => change.AddDays(-1.5).AddMinutes(random.Next(600)))
            .Append(Utc(2024, 2, 28)).Append(Utc(2024, 12, 30)).ToArray();
        foreach (var start in starts)
        {
            var minutes = Walls(clock.Zone, start, start.AddDays(3));
            for (var i = 0; i < 25; i++)
            {
                var cron = GeneratedCron.From(random);
                var found = new CronSchedule(CronExpression.Parse(cron.Text), clock).Occurrences(new DateTimeOffset(start))
                    .TakeWhile(fireTime => fireTime.UtcDateTime <= start.AddDays(3)).Select(fireTime => fireTime.UtcDateTime);
                Assert.True(Scan(cron, minutes).SequenceEqual(found), $"{cron.Text} in {zone} from {start:O}");
            }
        }
    }

    [Fact]
    public async Task AgreesWithCroniterInUtc()
    {
        var random = new Random(20240229);
        var start = Utc(2023, 11, 5, 3, 17);
        var crons = Enumerable.Range(0, 600).Select(_ => GeneratedCron.From(random).Text)
            .Concat(["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually", "0 6 L * *", "0 6 1,L * *", "0 0 29 2 *", "0 0 * * 5#2", "0 0 * * L5", "0 0 20-L * *"])
            .ToArray();
        var answers = await PythonJudge.Ask<double[][]>(
            """
            from croniter import croniter
            def ask(text):
                it = croniter(text, questions['start'], ret_type=float)
                return [it.get_next() for _ in range(25)]
            answers = [ask(text) for text in questions['crons']]
            """, new { start = UnixSeconds(start), crons });
        for (var i = 0; i < crons.Length; i++)
        {
            var mine = new CronSchedule(CronExpression.Parse(crons[i]), ZoneClock.Utc).Occurrences(new DateTimeOffset(start)).Take(25).Select(time => (double)time.ToUnixTimeSeconds());
            Assert.True(answers[i].SequenceEqual(mine), $"{crons[i]}: croniter {string.Join(' ', answers[i].Take(5))}, here {string.Join(' ', mine.Take(5))}");
        }
    }

    /// <summary>
    /// Between two changes of clocks only. Across one, croniter 1.3.5 names wall times that do not exist and misplaces the day after:
    /// <c>30 2 * * *</c> in Berlin gives 2024-03-31 02:30+01:00 (there is none) and 2024-10-28 03:30 instead of 02:30, and <c>0 * * * *</c> leaves
    /// out an hour of elapsed time on both days. The rules here are judged by the scan instead.
    /// </summary>
    [Fact]
    public async Task AgreesWithCroniterInZonesBetweenChangesOfClocks()
    {
        var random = new Random(77);
        var questions = new List<(string Zone, string Cron, DateTime Start, DateTime End)>();
        foreach (var zone in new[] { "Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Perth", "Australia/Lord_Howe" })
        {
            var changes = ChangesOfClocks(TimeZoneInfo.FindSystemTimeZoneById(zone), 2018, 2026).Prepend(Utc(2018, 1, 1)).Append(Utc(2026, 1, 1)).ToArray();
            for (var i = 0; i < 80; i++)
            {
                var stretch = random.Next(changes.Length - 1);
                questions.Add((zone, GeneratedCron.From(random).Text, changes[stretch].AddHours(30).AddMinutes(random.Next(1440)), changes[stretch + 1].AddHours(-30)));
            }
        }

        var answers = await PythonJudge.Ask<double[][]>(
            """
            from croniter import croniter
            from datetime import datetime
            from zoneinfo import ZoneInfo
            def ask(q):
                it = croniter(q['cron'], datetime.fromtimestamp(q['start'], ZoneInfo(q['zone'])), ret_type=float)
                found = []
                while len(found) < 40:
                    next = it.get_next()
                    if next >= q['end']: break
                    found.append(next)
                return found
            answers = [ask(q) for q in questions]
            """, questions.Select(q => new { zone = q.Zone, cron = q.Cron, start = UnixSeconds(q.Start), end = UnixSeconds(q.End) }));
        Assert.True(answers.Sum(answer => answer.Length) > 5_000, "the questions were too few to judge by");
        foreach (var (question, answer) in questions.Zip(answers))
        {
            var schedule = Schedule.Parse(new ScheduleDefinition { Cron = question.Cron, TimeZone = question.Zone });
            var mine = schedule.Occurrences(new DateTimeOffset(question.Start)).TakeWhile(time => time.UtcDateTime < question.End).Take(40).Select(time => (double)time.ToUnixTimeSeconds());
            Assert.True(answer.SequenceEqual(mine), $"{question}");
        }
    }

    /// <summary>The documented rules, told minute by minute.</summary>
    static List<DateTime> Scan(GeneratedCron cron, List<(DateTime Utc, DateTime Wall)> minutes)
    {
        var found = new List<DateTime>();
        var latest = minutes[0].Wall;
        foreach (var (utc, wall) in minutes.Skip(1))
        {
            var fires = cron.Matches(wall);
            if (!cron.FollowsClock)
            {
                fires &= wall > latest;
                for (var missing = latest + Minute; missing < wall && !fires; missing += Minute)
                    fires = cron.Matches(missing);
            }

            latest = wall > latest ? wall : latest;
            if (fires)
                found.Add(utc);
        }

        return found;
    }

    static List<(DateTime Utc, DateTime Wall)> Walls(TimeZoneInfo zone, DateTime start, DateTime end)
    {
        var minutes = new List<(DateTime, DateTime)>();
        for (var utc = start; utc <= end; utc += Minute)
            minutes.Add((utc, DateTime.SpecifyKind(TimeZoneInfo.ConvertTimeFromUtc(utc, zone), DateTimeKind.Unspecified)));
        return minutes;
    }

    static IEnumerable<DateTime> ChangesOfClocks(TimeZoneInfo zone, int fromYear, int toYear)
    {
        for (var hour = Utc(fromYear, 1, 1); hour.Year < toYear; hour = hour.AddHours(1))
        {
            if (zone.GetUtcOffset(hour) != zone.GetUtcOffset(hour.AddHours(-1)))
                yield return hour;
        }
    }

    static DateTime Utc(int year, int month, int day, int hour = 0, int minute = 0) => new(year, month, day, hour, minute, 0, DateTimeKind.Utc);

    static long UnixSeconds(DateTime utc) => new DateTimeOffset(utc).ToUnixTimeSeconds();
}
