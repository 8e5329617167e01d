using System.Text;
using Holoflow.Domain.FlowRuns;

namespace Holoflow.Domain.Tests.FlowRuns;

/// <summary>
/// The whole machine as a table and a diagram, generated from it and kept approved beside it. Where a change is meant:
/// copy the *.received.md that a failing test leaves beside the approved file over it.
/// </summary>
public sealed class FlowRunTableTests
{
    [Fact]
    public void The_table_is_the_approved_one() => Approved.Check("FlowRunMachine.table.approved.md", Table());

    [Fact]
    public void The_diagram_is_the_approved_one() => Approved.Check("FlowRunMachine.diagram.approved.md", Diagram());

    static string Table()
    {
        var text = new StringBuilder("# What becomes of a flow run\n\nGenerated from `FlowRunMachine`. `!` refused, `-` ignored, else the state that follows, its name where it has one of its own, and effects.\n\n");
        var runs = FlowRunSamples.Runs().ToList();
        text.AppendJoin("", "| command |", string.Concat(runs.Select(r => $" {r.Title} |")), "\n|---|", string.Concat(runs.Select(_ => "---|")), "\n");
        foreach (var (title, command) in FlowRunSamples.Commands())
            text.AppendJoin("", $"| {title} |", string.Concat(runs.Select(r => $" {Cell(FlowRunMachine.Decide(r.Run, command, FlowRunSamples.Now))} |")), "\n");
        return text.ToString();
    }

    static string Diagram()
    {
        var edges = FlowRunSamples.Runs()
            .SelectMany(run => FlowRunSamples.Commands(), (run, command) => (run.Run, Command: command.Title.Split(',')[0], Decision: FlowRunMachine.Decide(run.Run, command.Command, FlowRunSamples.Now)))
            .Where(x => x.Decision is Decision.Accept)
            .GroupBy(x => (From: x.Run.State.Type, To: ((Decision.Accept)x.Decision).Next.State.Type))
            .OrderBy(g => g.Key.From).ThenBy(g => g.Key.To)
            .Select(g => $"    {g.Key.From} --> {g.Key.To}: {string.Join(", ", g.Select(x => x.Command).Distinct().Order(StringComparer.Ordinal))}\n");
        return $"# The flow-run machine\n\nGenerated from `FlowRunMachine`.\n\n```mermaid\nstateDiagram-v2\n    [*] --> Scheduled\n{string.Concat(edges)}```\n";
    }

    static string Cell(Decision decision) => decision switch
    {
        Decision.Accept a => $"{a.Next.State.Type}{(a.Next.State.Name == a.Next.State.Type.ToString() ? "" : $" ({a.Next.State.Name})")}{string.Concat(a.Effects.Select(e => $"; {e.GetType().Name}"))}",
        Decision.Refuse => "!",
        _ => "-",
    };
}
