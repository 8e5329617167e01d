using Holoflow.Agent.Follow;
using Holoflow.Agent.Tests.Bench;
using Holoflow.Contracts;

namespace Holoflow.Agent.Tests;

/// <summary>What a flow writes arrives: whole, once, in order, in bounded memory.</summary>
public class StreamTests
{
    [Fact]
    public async Task Both_streams_arrive_with_the_last_half_line()
    {
        await using var bench = await AgentBench.Start();
        var (run, _) = await bench.Run("echo one; echo two >&2; printf 'no newline'");
        Assert.Equal(["one", "no newline"], run.Texts("stdout"));
        Assert.Equal(["two"], run.Texts("stderr"));
        Assert.Equal([1, 1, 2], run.Lines.OrderBy(l => l.Source).ThenBy(l => l.Number).Select(l => l.Source));
    }

    [Fact]
    public async Task What_is_not_text_is_made_safe()
    {
        await using var bench = await AgentBench.Start();
        var (run, _) = await bench.Run("""printf 'a\000b\377c\303\251\360\237\224\255\r\n'""");
        Assert.Equal(["a␀b\uFFFDcé🔭"], run.Texts("stdout"));
    }

    [Fact]
    public async Task Lines_colours_and_progress_bars_that_come_in_pieces_are_whole()
    {
        await using var bench = await AgentBench.Start(o => o with { RedrawEvery = TimeSpan.FromDays(1) });
        // Each piece is written when the one before it has been read: the line that stands between them tells.
        var pieces = new[] { @"Traceback:\n  at Solve() in beam", @".cs:line 12\n  at Run()\n\033[3", @"1mred\033[0m\n\303", @"\251\n10%%\r2", @"0%%\r100%%\n" };
        var script = string.Join("; ", pieces.Select((piece, i) => $"printf '{piece}'; echo read {i} >&2; while [ ! -e {bench.Home.In($"go-{i}")} ]; do sleep 0.02; done"));
        var run = await bench.Submit(script);
        for (var i = 0; i < pieces.Length; i++)
        {
            await bench.Store.Until(() => run.Texts("stderr").Contains($"read {i}"));
            await File.WriteAllTextAsync(bench.Home.In($"go-{i}"), "", TestContext.Current.CancellationToken);
        }

        await bench.Store.End(run);
        Assert.Equal(["Traceback:", "  at Solve() in beam.cs:line 12", "  at Run()", "\u001b[31mred\u001b[0m", "é", "10%\r20%\r100%"], run.Texts("stdout"));
    }

    [Fact]
    public async Task Long_lines_are_cut_with_a_mark_and_the_next_ones_are_whole()
    {
        await using var bench = await AgentBench.Start();
        var (run, _) = await bench.Run("head -c 300000 /dev/zero | tr '\\0' x; echo; echo after; head -c 65536 /dev/zero | tr '\\0' y; echo");
        var lines = run.Texts("stdout").ToList();
        Assert.Equal(new string('x', LogText.LongestLine) + LogText.CutMark, lines[0]);
        Assert.Equal("after", lines[1]);
        Assert.Equal(new string('y', 65536), lines[2]);
        Assert.Equal(3, lines.Count);
    }

    [Fact]
    public async Task A_program_that_opens_its_output_anew_goes_on()
    {
        await using var bench = await AgentBench.Start();
        var run = await bench.Submit($"echo one; while [ ! -e {bench.Home.In("go")} ]; do sleep 0.02; done; echo two >/dev/stdout; echo three");
        await bench.Store.Until(() => run.Lines.Count == 1);
        await File.WriteAllTextAsync(bench.Home.In("go"), "", TestContext.Current.CancellationToken);
        await bench.Store.End(run);
        Assert.Equal(["one", "two", "three"], run.Texts("stdout"));
    }

    [Fact]
    public async Task Journal_entries_become_events_and_lines_in_order()
    {
        const string a = "0194f3a0-0000-7000-8000-000000000001", b = "0194f3a0-0000-7000-8000-000000000002";
        await using var bench = await AgentBench.Start();
        var (run, end) = await bench.Run($$$"""
            cat >>$HOLOFLOW_RUN_DIR/journal.ndjson <<'END'
            {"k":"flow-started","n":1,"t":"2026-01-01T00:00:00Z","attempt":1,"processId":1,"host":"h"}
            {"k":"task","n":2,"t":"2026-01-01T00:00:01Z","task":"{{{a}}}","key":"regrid-0","taskName":"regrid","runName":"regrid beam 0","mapIndex":0,"tags":["x"]}
            {"k":"task","n":3,"t":"2026-01-01T00:00:01Z","task":"{{{b}}}","key":"plot-0","taskName":"plot","runName":"plot-0","inputs":[{"from":"{{{a}}}","name":"cube"}]}
            {"k":"log","n":4,"t":"2026-01-01T00:00:02Z","task":"{{{a}}}","level":"Warning","message":"two\nlines","fields":{"beam":3}}
            {"k":"state","n":5,"t":"2026-01-01T00:00:03Z","task":"{{{a}}}","type":"Completed","name":"Cached","message":"m","runCount":1}
            {"k":"from a later version","n":6,"t":"2026-01-01T00:00:03Z","more":[1,2]}
            this line is broken
            {"k":"progress","n":7,"t":"2026-01-01T00:00:04Z","fraction":0.5,"secondsLeft":10}
            {"k":"flow-ended","n":8,"t":"2026-01-01T00:00:05Z","attempt":1,"type":"Completed"}
            END
            """);
        Assert.Equal(RunReport.Completed, end.Report);
        Assert.Equal([2, 3, 5, 7], run.Events.Select(e => e.Sequence));
        Assert.Equal([RunEventKind.TaskCreated, RunEventKind.TaskCreated, RunEventKind.TaskChanged, RunEventKind.Progressed], run.Events.Select(e => e.Kind));
        Assert.Equal(("regrid-0", "regrid", "regrid beam 0", 0), (run.Events[0].Key, run.Events[0].TaskName, run.Events[0].RunName, run.Events[0].MapIndex));
        Assert.Equal([new TaskEdge(Guid.Parse(a), "cube")], run.Events[1].Inputs!);
        Assert.Equal(("Completed", "Cached"), (run.Events[2].Type, run.Events[2].Name));
        var line = Assert.Single(run.Lines, l => l.Source == 0);
        Assert.Equal((4, 3, "two\nlines", """{"beam":3}"""), (line.Number, line.Level, line.Text, line.Fields));
        var fault = Assert.Single(run.Lines, l => l.Source == -2);
        Assert.Contains("is not a journal entry", fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_entries_go_in_batches()
    {
        await using var bench = await AgentBench.Start();
        var (run, _) = await bench.Run("""
            awk 'BEGIN { for (n = 1; n <= 20000; n++) printf "{\"k\":\"state\",\"n\":%d,\"t\":\"2026-01-01T00:00:00Z\",\"task\":\"0194f3a0-0000-7000-8000-000000000001\",\"type\":\"Running\"}\n", n }' >>$HOLOFLOW_RUN_DIR/journal.ndjson
            """);
        Assert.Equal(Enumerable.Range(1, 20000).Select(n => (long)n), run.Events.Select(e => e.Sequence));
        Assert.InRange(run.Batches.Max(), 2, 500);
    }
}
