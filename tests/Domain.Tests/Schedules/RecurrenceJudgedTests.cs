using System.Globalization;
using Holoflow.Domain.Schedules;

namespace Holoflow.Domain.Tests.Schedules;

/// <summary>Generated rules and sets against python3-dateutil, in wall time.</summary>
public sealed class RecurrenceJudgedTests
{
    const int Asked = 40;

    /// <summary>dateutil walks rules that hardly ever fire up to the year 9999: answers are cut off at 2035, and what takes many steps is left out,
    /// as is what makes it fail (weekdays counted beyond the period's end). Steps are calls, not time: the same on every machine.</summary>
    const string Judge =
        """
        from dateutil.rrule import rrulestr
        from datetime import datetime
        import itertools, sys
        class TooLong(Exception): pass
        def ask(text):
            found = []
            left = 40000
            def count(*_):
                nonlocal left
                left -= 1
                if left < 0: raise TooLong()
            sys.setprofile(count)
            try:
                for at in itertools.islice(rrulestr(text), 40):
                    if at.year >= 2035: break
                    found.append(at.strftime('%Y%m%dT%H%M%S'))
            except (TooLong, IndexError): return ['left out']
            except ValueError: return ['refused']
            finally:
                left = 1
                sys.setprofile(None)
            return found
        answers = [ask(text) for text in questions]
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RulesAgreeWithDateutil(int seed)
    {
        var random = new Random(seed);
        var texts = Enumerable.Range(0, 700).Select(_ => GeneratedRule.From(random)).Select(rule => $"DTSTART:{rule.Start}\nRRULE:{rule.Rule}").ToArray();
        await Compare(texts, leastFiring: 400);
    }

    [Fact]
    public async Task SetsAgreeWithDateutil()
    {
        var random = new Random(3);
        var rules = Enumerable.Range(0, 400).Select(_ => GeneratedRule.From(random)).Where(rule =>
            Schedule.TryParse(new ScheduleDefinition { Rrule = $"DTSTART:{rule.Start}\nRRULE:{rule.Rule}" }, out _) is not null);
        var texts = rules.Select(rule =>
        {
            var (start, first) = rule;
            var date = DateTime.ParseExact(start, "yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
            string Near() => $"{date.AddDays(random.Next(0, 40)):yyyyMMdd'T'HHmmss}";
            return $"DTSTART:{start}\nRRULE:{first}\nRRULE:FREQ=DAILY;COUNT=30\nRDATE:{Near()},{Near()}\nEXDATE:{Near()},{Near()},{start}\nEXDATE:{Near()}";
        }).ToArray();
        await Compare(texts, leastFiring: 200);
    }

    static async Task Compare(string[] texts, int leastFiring)
    {
        var answers = await PythonJudge.Ask<string[][]>(Judge, texts);
        var firing = 0;
        foreach (var (text, answer) in texts.Zip(answers).Where(pair => pair.Second is not ["left out"]))
        {
            var schedule = Schedule.TryParse(new ScheduleDefinition { Rrule = text }, out var mistakes);
            if (answer is [] or ["refused"])
            {
                // The rule names nothing at all, or nothing before dateutil's answers were cut off.
                var first = schedule?.Next(DateTimeOffset.MinValue);
                Assert.True(schedule is null ? mistakes.All(m => m.Message.Contains("never fires", StringComparison.Ordinal)) : first is null or { Year: >= 2035 },
                    $"{text}: dateutil has none, here {first} {string.Join(';', mistakes)}");
                continue;
            }

            firing++;
            Assert.True(schedule is not null, $"{text}: {string.Join("; ", mistakes.Select(m => m.Message))}");
            var mine = schedule.Occurrences(DateTimeOffset.MinValue).TakeWhile(time => time.Year < 2035).Take(Asked).ToArray();
            var written = mine.Select(time => time.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)).ToArray();
            Assert.True(answer.SequenceEqual(written), $"{text}\ndateutil {string.Join(' ', answer)}\nhere     {string.Join(' ', written)}");

            // Asking from the middle must find the same as counting from the start.
            var middle = mine.Length / 2;
            Assert.Equal(mine[middle..], schedule.Occurrences(mine[middle].AddTicks(-1)).TakeWhile(time => time.Year < 2035).Take(mine.Length - middle));
        }

        Assert.True(firing >= leastFiring, $"only {firing} rules fired: too few to judge by");
    }
}
