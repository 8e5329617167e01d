using System.Diagnostics;
using Holoflow.Contracts;
using Holoflow.Persistence;
using Holoflow.Persistence.Writes;
using Holoflow.StateStore.Tests.Support;

namespace Holoflow.StateStore.Tests.Writes;

public sealed class DatabaseWriterTests
{
    const string AddFlow = "INSERT INTO flows (id, name, created_at) VALUES ($1, $2, 0)";
    const string CountFlows = "SELECT COUNT(*) FROM flows";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_that_wait_together_share_a_commit_and_one_that_fails_takes_no_other_with_it()
    {
        await using var file = await TemporaryStore.Create();
        await using var writer = new DatabaseWriter(file.Database);
        using var gate = new ManualResetEventSlim();
        var first = await HoldUp(writer, gate);
        var writes = Enumerable.Range(0, 100).Select(i => writer.Write(session => Add(session, i % 10 == 3 ? "same" : $"flow-{i}"), Cancellation)).ToList();
        gate.Set();
        Assert.True(await first());
        await Task.WhenAll(writes.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Equal(9, writes.Count(w => w.IsFaulted));
        Assert.Equal(2, writer.Commits);
        Assert.Equal(91, await writer.Write(session => session.Number(CountFlows), Cancellation));
    }

    [Fact]
    public async Task What_follows_a_commit_follows_only_the_writes_that_were_kept()
    {
        await using var file = await TemporaryStore.Create();
        await using var writer = new DatabaseWriter(file.Database);
        var followed = new List<string>();
        await writer.Write(session => AddAndTell(session, "kept"), Cancellation);
        await Assert.ThrowsAnyAsync<Exception>(() => writer.Write(session => AddAndTell(session, "kept"), Cancellation));
        await writer.Write(session => AddAndTell(session, "other"), Cancellation);
        Assert.Equal(["kept", "other"], followed);

        int AddAndTell(WriteSession session, string name)
        {
            session.AfterCommit(() => followed.Add(name));
            return Add(session, name);
        }
    }

    [Fact]
    public async Task What_a_group_gathers_is_carried_out_once_without_what_failed()
    {
        await using var file = await TemporaryStore.Create();
        await using var writer = new DatabaseWriter(file.Database);
        using var gate = new ManualResetEventSlim();
        var first = await HoldUp(writer, gate);
        var carriedOut = new List<string>();
        Action<WriteSession, IReadOnlyList<string>> carryOut = (session, names) =>
        {
            foreach (var name in names)
                _ = Add(session, $"gathered {name}");
            session.AfterCommit(() => carriedOut.Add(string.Join(' ', names)));
        };
        var writes = new[] { "a", "b", "a", "c" }.Select(name => writer.Write(
            session =>
            {
                session.Gather(carryOut, name);
                return Add(session, name);
            },
            Cancellation)).ToList();
        gate.Set();
        Assert.True(await first());
        await Task.WhenAll(writes.Select(w => w.ContinueWith(_ => { }, TaskScheduler.Default)));
        Assert.Equal([false, false, true, false], writes.Select(w => w.IsFaulted));
        Assert.Equal(["a b c"], carriedOut);
        Assert.Equal(6, await writer.Write(session => session.Number(CountFlows), Cancellation));
    }

    [Fact]
    public async Task Eight_writers_on_one_file_wait_for_each_other_and_none_sees_a_lock()
    {
        await using var file = await TemporaryStore.Create();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
        {
            await using var writer = new DatabaseWriter(Database.At(file.Path));
            for (var i = 0; i < 100; i++)
                await writer.Write(session => Add(session, $"flow-{w}-{i}"), Cancellation);
        })));
        await using var reader = await file.Database.OpenReadSession(Cancellation);
        Assert.Equal(800, reader.Number(CountFlows));
    }

    [Fact]
    public async Task A_full_disk_is_told_keeps_nothing_and_leaves_the_store_usable()
    {
        await using var store = await StoreUnderTest.Start();
        var run = await store.Started();
        await store.Writer.Write(session => session.Number("PRAGMA page_count") is { } pages ? session.Number($"PRAGMA max_page_count = {pages + 20}") : null, Cancellation);
        var large = store.NewRun(parameters: $$"""{"text": "{{new string('x', 1_000_000)}}"}""");
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => store.Ask(large));
        Assert.Equal(DatabaseFault.Full, Assert.IsType<DatabaseException>(fault.InnerException).Fault);
        Assert.Contains("is full: nothing of the change was kept", fault.Message, StringComparison.Ordinal);
        Assert.Equal(CommandOutcome.Accepted, (await store.Report(run, RunReport.Completed)).Outcome);
        Assert.Equal(CommandOutcome.Accepted, (await store.Ask(large)).Outcome);
        Assert.Equal(2L, await store.Scalar("SELECT COUNT(*) FROM flow_runs"));
    }

    [Fact]
    public async Task A_process_that_is_killed_in_a_transaction_leaves_nothing_of_it_and_holds_up_nobody()
    {
        await using var file = await TemporaryStore.Create();
        const string Script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("BEGIN IMMEDIATE")
            db.execute("INSERT INTO flows (id, name, created_at) VALUES (x'00', 'half', 0)")
            print("writing", flush=True)
            sys.stdin.read()
            """;
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Script, file.Path]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        Assert.Equal("writing", await other.StandardOutput.ReadLineAsync(Cancellation));
        await using var writer = new DatabaseWriter(file.Database);
        var waiting = writer.Write(session => Add(session, "whole"), Cancellation);
        Assert.False(waiting.IsCompleted);
        other.Kill();
        await other.WaitForExitAsync(Cancellation);
        await waiting;
        Assert.Equal("whole", await writer.Write(session => session.Text("SELECT group_concat(name) FROM flows"), Cancellation));
        await file.Database.Check(thorough: true, Cancellation);
    }

    /// <summary>Has the writer busy until the gate is set: what is written meanwhile is one group. The answer tells whether it was set in time.</summary>
    static async Task<Func<Task<bool>>> HoldUp(DatabaseWriter writer, ManualResetEventSlim gate)
    {
        var entered = new TaskCompletionSource();
        var held = writer.Write(
            _ =>
            {
                entered.SetResult();
                return gate.Wait(TimeSpan.FromSeconds(30));
            },
            Cancellation);
        await entered.Task;
        return () => held;
    }

    static int Add(WriteSession session, string name) => session.Execute(AddFlow, Guid.CreateVersion7(), name);
}
