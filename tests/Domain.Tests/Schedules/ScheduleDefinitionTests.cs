using Holoflow.Domain.Schedules;

namespace Holoflow.Domain.Tests.Schedules;

public sealed class ScheduleDefinitionTests
{
    [Fact]
    public void AllMistakesAreCollected()
    {
        var wrong = Assert.Throws<InvalidScheduleException>(() => Schedule.Parse(new ScheduleDefinition
        {
            Cron = "61 * * JUX *", IntervalSeconds = 60, TimeZone = "Europe/Atlantis", AnchorDate = "tomorrow",
        }));
        Assert.Equal(["timeZone", "anchorDate", "schedule", "anchorDate", "cron", "cron"], wrong.Mistakes.Select(m => m.Field));
        Assert.All(wrong.Mistakes, m => Assert.Contains(m.Message, wrong.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void AnEmptyDefinitionIsRefused() =>
        Assert.Equal("the schedule is empty: give one of cron, interval and rrule", Assert.Throws<InvalidScheduleException>(() => Schedule.Parse(new())).Message);

    [Theory]
    [InlineData("Europe/Atlantis")]
    [InlineData("europe")]
    [InlineData("")]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe/Ber\0lin")]
    [InlineData("zone.tab")]
    [InlineData("Europe/../Europe/Berlin")]
    public void UnknownZonesAreRefusedByName(string zone)
    {
        Assert.Null(Schedule.TryParse(new ScheduleDefinition { Cron = "@daily", TimeZone = zone }, out var mistakes));
        var mistake = Assert.Single(mistakes);
        Assert.Equal("timeZone", mistake.Field);
        Assert.Equal($"time zone '{zone}' is not known; use an IANA name such as UTC, Europe/Berlin or Australia/Perth (capitals matter)", mistake.Message);
    }

    [Fact]
    public void LongTextsAreRefusedWithoutRepeatingThem()
    {
        var text = new string('1', 1 << 20);
        Assert.Null(Schedule.TryParse(new ScheduleDefinition { Cron = text, Rrule = text, AnchorDate = text, TimeZone = text }, out var mistakes));
        Assert.Equal(["cron", "rrule", "anchorDate", "timeZone"], mistakes.Select(m => m.Field));
        Assert.Equal("cron is 1048576 characters long; at most 6500 are taken", mistakes[0].Message);
    }

    [Theory]
    [InlineData("2024-02-30")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("01/02/2024")]
    [InlineData("2024-01-01T06:00+99:00")]
    public void AnchorDatesThatAreNoneAreRefused(string anchor)
    {
        Assert.Null(Schedule.TryParse(new ScheduleDefinition { IntervalSeconds = 60, AnchorDate = anchor }, out var mistakes));
        Assert.StartsWith($"anchor date '{anchor}' is not a date; write 2024-01-31", Assert.Single(mistakes).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The offsets that all arithmetic stands on, against Python's zoneinfo, up to the end of 2037 where zone files end. Beyond, the runtime reads
    /// a change at hour 24 (Africa/Cairo) a day early.
    /// </summary>
    [Fact]
    public async Task OffsetsAgreeWithPythonsZones()
    {
        string[] zones =
        [
            "Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Perth", "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca",
            "Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu", "Europe/Dublin", "America/Santiago", "Africa/Johannesburg",
        ];
        var questions = zones.Select(zone => new { zone, from = 500_000_000L, to = 2_145_000_000L, step = 60_000L }).ToArray();
        var answers = await PythonJudge.Ask<string[][]>(
            """
            from datetime import datetime
            from zoneinfo import ZoneInfo
            def ask(q):
                zone, found, last = ZoneInfo(q['zone']), [], None
                for at in range(q['from'], q['to'], q['step']):
                    offset = int(datetime.fromtimestamp(at, zone).utcoffset().total_seconds())
                    if offset != last: found.append(f'{at} {offset}')
                    last = offset
                return found
            answers = [ask(q) for q in questions]
            """, questions);
        foreach (var (question, answer) in questions.Zip(answers))
        {
            Assert.True(ZoneClock.TryFind(question.zone, out var clock, out _));
            var (found, last) = (new List<string>(), double.NaN);
            for (var at = question.from; at < question.to; at += question.step)
            {
                var instant = DateTimeOffset.FromUnixTimeSeconds(at);
                var offset = (clock.WallTimeAt(instant) - instant.UtcDateTime).TotalSeconds;
                if (offset != last)
                    found.Add($"{at} {offset}");
                last = offset;
            }

            Assert.True(answer.SequenceEqual(found), $"{question.zone}: python {string.Join(',', answer.Except(found))}, here {string.Join(',', found.Except(answer))}");
        }
    }
}
