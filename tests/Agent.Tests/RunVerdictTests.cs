using System.Text;
using Holoflow.Agent.Follow;
using Holoflow.Agent.Runs;
using Holoflow.Slurm.Verdicts;

namespace Holoflow.Agent.Tests;

public class RunVerdictTests
{
    static readonly (string Name, FlowEnding? Flow, bool Started)[] Journals =
    [
        ("none", null, false),
        ("started", null, true),
        ("Completed", new FlowEnding(1, "Completed", null, null, null), true),
        ("Failed", new FlowEnding(1, "Failed", null, "the flow's words", null), true),
        ("Cancelled", new FlowEnding(1, "Cancelled", null, "the flow's words", null), true),
        ("Strange", new FlowEnding(1, "Strange", null, null, null), true),
    ];

    static readonly int?[] Exits = [0, 3, 127, 137, 255, null];

    /// <summary>Where the rule was changed on purpose, the file that the failing test leaves replaces the approved one.</summary>
    [Fact]
    public void The_rule_is_the_approved_table() => AssertApproved("RunVerdict", Table());

    /// <summary>The same for runs that are Slurm jobs.</summary>
    [Fact]
    public void The_rule_for_jobs_is_the_approved_table() => AssertApproved("RunVerdict.jobs", TableOfJobs());

    static void AssertApproved(string name, string table)
    {
        var received = Path.Combine(AppContext.BaseDirectory, $"{name}.received.md");
        File.WriteAllText(received, table);
        Assert.True(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, $"{name}.approved.md")) == table, $"the rule is not as approved: compare {received}");
    }

    static string TableOfJobs()
    {
        var table = new StringBuilder("| the job | journal | exit status | report | name | message |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var fate in Enum.GetValues<JobFate>().Where(f => f >= JobFate.Completed))
        foreach (var (name, flow, started) in Journals)
        foreach (var exit in (int?[])[0, 3, 143, null])
        {
            var verdict = RunVerdict.Decide(new RunEnding(flow, started, exit, Job: new JobVerdict(fate, "its words", 0)));
            table.Append($"| {fate} | {name} | {exit?.ToString() ?? "unknown"} | {verdict.Report} | {verdict.Name} | {verdict.Message} |\n");
        }

        return table.ToString();
    }

    static string Table()
    {
        var table = new StringBuilder("| journal | exit status | asked to cancel | timed out | report | name | message |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var (name, flow, started) in Journals)
        foreach (var exit in Exits)
        foreach (var (cancel, limit) in ((bool, TimeSpan?)[])[(false, null), (true, null), (false, TimeSpan.FromSeconds(5))])
        {
            var verdict = RunVerdict.Decide(new RunEnding(flow, started, exit, cancel, limit));
            table.Append($"| {name} | {exit?.ToString() ?? "unknown"} | {(cancel ? "yes" : "")} | {(limit is null ? "" : "yes")} | {verdict.Report} | {verdict.Name} | {verdict.Message} |\n");
        }

        return table.ToString();
    }
}
