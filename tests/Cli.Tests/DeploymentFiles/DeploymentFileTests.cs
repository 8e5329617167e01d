using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.ApiModel.Schedules;
using Holoflow.Cli.DeploymentFiles;

namespace Holoflow.Cli.Tests.DeploymentFiles;

public sealed class DeploymentFileTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_back() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNull<string>[]>(),
        words =>
        {
            // NUL and lone surrogates are no text of a file.
            var texts = words.Select(w => string.Concat(w.Get.Where(c => c != '\0' && !char.IsSurrogate(c)))).ToList();
            string Word(int i) => texts.Count == 0 ? "true" : texts[i % texts.Count];
            var written = new DeploymentFile
            {
                Name = $"n{Word(0)}",
                Entrypoint = $"/p{Word(1)}",
                Description = Word(2),
                Infrastructure = "slurm",
                Cluster = $"c{Word(4)}".Replace('/', '-'),
                Queue = $"q{Word(3)}",
                Tags = [.. texts.Where(t => t != "")],
                Environment = texts.Select((t, i) => ($"V{i}", t)).ToDictionary(t => t.Item1, t => t.t, StringComparer.Ordinal),
                Parameters = new JsonObject(texts.Select((t, i) => KeyValuePair.Create($"{i}:{t}", (JsonNode?)JsonValue.Create(t)))),
                Priority = words.Length,
            };
            var read = Assert.Single(Read(DeploymentFileWriter.Text(written)));
            Assert.Equal(written.Name, read.Name);
            Assert.Equal(written.Entrypoint, read.Entrypoint);
            Assert.Equal(written.Description, read.Description ?? "");
            Assert.Equal(written.Queue, read.Queue);
            Assert.Equal((written.Infrastructure, written.Cluster), (read.Infrastructure, read.Cluster));
            Assert.Equal(written.Tags, read.Tags);
            Assert.Equal(written.Environment, read.Environment);
            Assert.True(JsonNode.DeepEquals(written.Parameters, read.Parameters));
            Assert.Equal(written.Priority, read.Priority);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Schedules_and_numbers_are_read_back()
    {
        var written = new DeploymentFile
        {
            Name = "nightly",
            Entrypoint = "/p.dll:Run",
            Parameters = (JsonObject)JsonNode.Parse("""{"i":12345678901234567890,"f":0.1,"n":null,"b":false,"l":[1,{"a":"007"}],"s":"1"}""")!,
            Schedules =
            [
                new ScheduleSpec { Cron = "0 2 * * *", TimeZone = "Australia/Perth", CatchUp = CatchUp.None, ExpirySeconds = 7200, Parameters = JsonElement.Parse("""{"a":[1]}""") },
                new ScheduleSpec { IntervalSeconds = 0.5, AnchorDate = DateTimeOffset.Parse("2026-11-22T10:00:00+08:00"), Active = false },
                new ScheduleSpec { Rrule = "FREQ=WEEKLY;BYDAY=MO" },
            ],
        };
        var read = Assert.Single(Read(DeploymentFileWriter.Text(written)));
        Assert.Equal(written.Parameters.ToJsonString(), read.Parameters.ToJsonString());
        Assert.Equal(JsonSerializer.Serialize(written.Schedules), JsonSerializer.Serialize(read.Schedules));
    }

    [Fact]
    public void YAML_as_people_write_it_is_understood()
    {
        var read = Read(
            """
            # two deployments in one file
            name: nightly
            entrypoint: bin/Program.dll:Run
            tags: [hba, 'a: b']
            parameters:
              channels: 288
              band: L
              version: "1.10"
              when: 2026-11-22
              on: yes
              octal: 007
              nothing: ~
              beams: &beams [0, 1]
              again: *beams
              note: |
                two
                lines
            schedules:
              - interval: 6h
                expiry: 90
            ---
            name: second
            entrypoint: /abs/Program.dll
            """);
        Assert.Equal(2, read.Count);
        Assert.Equal(_folder.In("bin/Program.dll:Run"), read[0].Entrypoint);
        Assert.Equal(["hba", "a: b"], read[0].Tags);
        Assert.Equal(
            """{"channels":288,"band":"L","version":"1.10","when":"2026-11-22","on":"yes","octal":7,"nothing":null,"beams":[0,1],"again":[0,1],"note":"two\nlines\n"}""",
            read[0].Parameters.ToJsonString());
        Assert.Equal(21_600, Assert.Single(read[0].Schedules!).IntervalSeconds);
        Assert.Equal("/abs/Program.dll", read[1].Entrypoint);
        Assert.Null(read[1].Schedules);
    }

    [Theory]
    [InlineData("name: a\nentrypoint: p\nquue: x\n", "line 3: 'quue' is no key of a deployment; did you mean 'queue'?")]
    [InlineData("name: a\n", "entrypoint is missing")]
    [InlineData("name: a\nentrypoint: p\npriority: high\n", "line 3: priority 'high' is no whole number")]
    [InlineData("name: a\nentrypoint: p\ntags: x\n", "line 3: tags must be a list")]
    [InlineData("name: a\nentrypoint: p\nparameters: [1]\n", "line 3: parameters must be a mapping")]
    [InlineData("name: a\nentrypoint: p\nschedules:\n  - cron: '* * * * *'\n    interval: 5\n", "line 4: a schedule has exactly one of cron, interval and rrule, not cron and interval")]
    [InlineData("name: a\nentrypoint: p\nschedules:\n  - timezone: UTC\n", "a schedule has exactly one")]
    [InlineData("name: a\nentrypoint: p\nschedules:\n  - interval: -5\n", "line 4: interval '-5' is no duration")]
    [InlineData("name: a\nentrypoint: p\nschedules:\n  - chron: x\n", "line 4: 'chron' is no key of a schedule; did you mean 'cron'?")]
    [InlineData("name: a\nentrypoint: p\nschedules:\n  - cron: x\n    catch-up: some\n", "line 5: catch-up 'some' is none of")]
    [InlineData("name: a\nentrypoint: p\nenvironment:\n  A=B: c\n", "line 4: this is no name of an environment variable")]
    [InlineData("name: a\nname: b\n", "line 2")]
    [InlineData("name: [a\n", "line")]
    [InlineData("- a\n", "line 1: a deployment must be a mapping")]
    [InlineData("", "is empty")]
    [InlineData("name: a\nentrypoint: p\nparameters:\n  x: !!binary aGk=\n", "line 4: the tag tag:yaml.org,2002:binary is not understood")]
    public void What_is_wrong_is_named_with_its_line(string text, string message)
    {
        var refusal = Assert.Throws<CommandException>(() => Read(text));
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("d.yaml", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_grows_when_it_is_read_is_refused()
    {
        var bomb = "name: a\nentrypoint: p\nparameters:\n  a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(i => $"  a{i}: &a{i} [{string.Join(",", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Assert.Contains("more than 100000 values", Assert.Throws<CommandException>(() => Read(bomb)).Message, StringComparison.Ordinal);
    }

    IReadOnlyList<DeploymentFile> Read(string text) => DeploymentFileReader.Read(_folder.Write("d.yaml", text));
}
