using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Agent.Tests;

/// <summary>What a run is given arrives byte for byte, or is refused by name; nothing is interpreted on its way.</summary>
public class LaunchTests
{
    static readonly string[] Hostile =
    [
        "'", "\"", "`touch pwned`", "$(touch pwned)", "${HOME}", "\n", "\r\n", "\t", "\\", "\\n", ";", "|", "&&", "*", "?", "%s", "%00", "../", "/etc/passwd", "-rf", "--", "#SBATCH",
        " ", "<", ">", "\u0001", "\u001b[31m", "\u2028", "é", "日本", "🔭", "𝄞", "=", "!", "~", "\u202e", "{}", "null", "0",
    ];

    static readonly Gen<string> Text =
        Gen.OneOf(Gen.Elements(Hostile), Gen.Choose(32, 126).Select(c => ((char)c).ToString())).ListOf(12).Select(parts => string.Concat(parts));

    [Fact]
    public async Task Hostile_values_arrive_byte_for_byte()
    {
        await using var bench = await AgentBench.Start();
        for (var round = 0; round < 20; round++)
        {
            var values = Text.ListOf(500).Sample(1, 1)[0].ToList();
            var run = RecordingStore.Run("", JsonSerializer.Serialize(new { values, nul = "a\0b" })) with { RunName = values[0], FlowName = values[1], Tags = [.. values.Take(100)] };
            var (stored, end) = await bench.Run("cat /proc/$$/environ >environ", r => run with
            {
                RunId = r.RunId,
                Program = r.Program with { Environment = values.Take(100).Select((v, i) => (v, i)).ToDictionary(p => $"VALUE_{p.i}", p => p.v) },
            });
            Assert.Equal(RunReport.Completed, end.Report);
            var directory = bench.Directory(stored);
            Assert.Equal(run.Parameters.GetRawText(), await File.ReadAllTextAsync(directory.Parameters, TestContext.Current.CancellationToken));
            var description = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(directory.Description, TestContext.Current.CancellationToken), JournalFormat.Default.RunDescription)!;
            Assert.Equal((values[0], values[1]), (description.RunName, description.FlowName));
            Assert.Equal(values.Take(100), description.Tags);
            var environment = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(directory.Path, "environ"), TestContext.Current.CancellationToken)).Split('\0');
            Assert.All(values.Take(100).Select((v, i) => $"VALUE_{i}={v}"), variable => Assert.Contains(variable, environment));
        }

        Assert.Empty(System.IO.Directory.GetFiles(bench.Home.Path, "pwned", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Hostile_paths_are_taken_as_they_are()
    {
        await using var bench = await AgentBench.Start();
        var place = System.IO.Directory.CreateDirectory(bench.Home.In("a 'b\" $(touch pwned)\n🔭 -x")).FullName;
        var program = bench.Home.Program("pwd; echo \"$0\"", Path.Combine(Path.GetFileName(place), "`id`;flow\n.sh"));
        var run = RecordingStore.Run(program);
        var stored = await bench.Store.Submit(run with { Program = run.Program with { WorkingDirectory = place } });
        Assert.Equal(RunReport.Completed, (await bench.Store.End(stored)).Report);
        Assert.Equal($"{place}\n{program}", string.Join('\n', stored.Texts("stdout")));
        Assert.Empty(System.IO.Directory.GetFiles(bench.Home.Path, "pwned", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("A=B", "x", "environment variable 'A=B' has a name that no process can be given")]
    [InlineData("", "x", "environment variable '' has a name that no process can be given")]
    [InlineData("A", "x\0y", "environment variable 'A' holds a NUL character")]
    public async Task What_no_process_can_be_given_is_refused_by_name(string name, string value, string message)
    {
        await using var bench = await AgentBench.Start();
        var (_, end) = await bench.Run("exit 0", r => r with { Program = r.Program with { Environment = new Dictionary<string, string> { [name] = value } } });
        Assert.Equal(RunReport.Failed, end.Report);
        Assert.StartsWith(message, end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_agent_at_a_launch_fails_the_run_and_does_not_give_it_back()
    {
        await using var bench = await AgentBench.Start();
        var (run, end) = await bench.Run("exit 0", r => r with { Program = r.Program with { Path = null! } });
        Assert.Equal(RunReport.Failed, end.Report);
        Assert.StartsWith("the agent could not start it: ", end.Message, StringComparison.Ordinal);
        Assert.Equal([RunReport.Failed], run.Reports.Select(r => r.Report));
        Assert.Equal(RunReport.Completed, (await bench.Run("exit 0")).End.Report);
    }

    [Fact]
    public async Task Parameters_of_several_megabytes_arrive_and_only_the_owner_may_read_them()
    {
        await using var bench = await AgentBench.Start();
        var parameters = JsonSerializer.Serialize(new { text = new string('x', 5_000_000) });
        var (run, end) = await bench.Run("stat -c %a parameters.json; wc -c <parameters.json; stat -c %a .", r => r with { Parameters = JsonDocument.Parse(parameters).RootElement });
        Assert.Equal(RunReport.Completed, end.Report);
        Assert.Equal(["600", $"{parameters.Length}", "700"], run.Texts("stdout"));
    }

    [Fact]
    public async Task An_environment_that_the_kernel_refuses_fails_the_run_clearly()
    {
        await using var bench = await AgentBench.Start();
        var (_, end) = await bench.Run("exit 0", r => r with { Program = r.Program with { Environment = new Dictionary<string, string> { ["BIG"] = new('x', 1_000_000) } } });
        Assert.Equal(RunReport.Failed, end.Report);
        Assert.Contains("cannot be started", end.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, RunReport.GivenBack)]
    [InlineData(true, RunReport.Failed)]
    public async Task Where_the_run_directory_cannot_be_made_the_run_is_given_back_and_no_more_taken(bool isPrivate, RunReport report)
    {
        await using var bench = await AgentBench.Start(o => o with { Private = isPrivate });
        await File.WriteAllTextAsync(bench.Home.In("runs"), "a file where a directory should be", TestContext.Current.CancellationToken);
        var (_, end) = await bench.Run("exit 0");
        Assert.Equal(report, end.Report);
        Assert.StartsWith("the run directory '", end.Message, StringComparison.Ordinal);
        await bench.Store.Until(() => bench.Store.FreeSlots == 0);
    }

    [Fact]
    public async Task The_flow_process_gets_what_the_protocol_promises()
    {
        await using var bench = await AgentBench.Start(o => o with { RunEnvironment = new Dictionary<string, string> { ["HOLOFLOW_API_URL"] = "http://127.0.0.1:1/api", ["FROM_AGENT"] = "1" } });
        var (run, _) = await bench.Run(
            "echo $HOLOFLOW_RUN_DIR; echo $HOLOFLOW_METHOD; echo $HOLOFLOW_API_URL; echo $FROM_AGENT; echo $HOLOFLOW_LAUNCH; ps -o sid= -p $$",
            r => r with { Program = r.Program with { Method = "Holography", Environment = new Dictionary<string, string> { ["FROM_AGENT"] = "2" } } });
        var lines = run.Texts("stdout").ToList();
        Assert.Equal([bench.Directory(run).Path, "Holography", "http://127.0.0.1:1/api", "2", $"{run.Run.RunId:N}.1"], lines[..5]);
        Assert.StartsWith(lines[5].Trim(), await File.ReadAllTextAsync(bench.Directory(run).Process(1), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
