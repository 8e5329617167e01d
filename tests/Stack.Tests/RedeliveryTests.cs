using System.Text.Json;
using Holoflow.Contracts;
using Holoflow.Messaging;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Persistence;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Holoflow.Stack.Tests;

/// <summary>
/// A service is killed when it has committed and not yet acknowledged. The moment is made, not hoped for: the message is held by a lock on the
/// table, the broker is killed, so that nothing can be acknowledged, and the lock is let go. What the broker keeps it delivers again; the rest its asker says again.
/// </summary>
public sealed class RedeliveryTests(ServiceStack stack) : IClassFixture<ServiceStack>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task A_message_that_was_committed_and_not_acknowledged_is_delivered_again_and_applied_once()
    {
        // Others write to the same tables by themselves.
        await stack.Kill("Scheduler");
        await stack.Kill("Agent");
        var run = Guid.CreateVersion7();
        await RedeliveredOnce("StateStore", "flow_runs", "state-store.submit-run", bus => bus.Request(Submission(run), Cancellation).AsTask(), $"SELECT count(*) FROM flow_runs WHERE id = '{run}'");
        Assert.Equal([$"{run}|Scheduled"], await Rows($"SELECT run_id, state_type FROM flow_run_states WHERE run_id = '{run}' AND state_name <> 'Late'"));

        var claim = new ClaimRun(run, "an agent", Guid.CreateVersion7());
        await AskedAgainOnce("flow_runs", claim, $"SELECT count(*) FROM flow_runs WHERE id = '{run}' AND lease_agent = 'an agent'");
        Assert.Equal(["Scheduled|0", "Pending|1"], await Rows($"SELECT state_type, epoch FROM flow_run_states WHERE run_id = '{run}' AND state_name <> 'Late' ORDER BY version"));
        await Ask(new ReportRun { RunId = run, AgentId = "an agent", Epoch = 1, Report = RunReport.Started });

        var (tasks, events) = TasksOf(run, 20);
        await AskedAgainOnce("task_runs", tasks, $"SELECT count(*) / 20 FROM task_runs WHERE run_id = '{run}' AND state_type = 'Completed'");
        Assert.Equal(["Completed|20", "Pending|20", "Running|20"], await Rows($"SELECT s.state_type, count(*) FROM task_runs t JOIN task_run_states s ON s.task_id = t.id WHERE t.run_id = '{run}' GROUP BY 1 ORDER BY 1"));
        Assert.Equal([$"20|20|{events}"], await Rows($"SELECT count(*), count(DISTINCT key), (SELECT events_through FROM flow_runs WHERE id = '{run}') FROM task_runs WHERE run_id = '{run}'"));

        var lines = Enumerable.Range(1, 100).Select(i => new LogLine(0, i, TimeProvider.System.GetUtcNow(), 2, null, "flow", $"line {i}")).ToList();
        await RedeliveredOnce(
            "LogIngest",
            "log_lines",
            $"logs.{run.ToByteArray()[15] % 8}",
            bus => bus.Request(new LogChunk(run, "an agent", lines), Cancellation).AsTask(),
            $"SELECT count(*) / {lines.Count} FROM log_lines WHERE run_id = '{run}'");
        Assert.Equal([$"{lines.Count}|{lines.Count}"], await Rows($"SELECT count(*), count(DISTINCT number) FROM log_lines WHERE run_id = '{run}'"));
    }

    /// <summary>What its asker repeats until it is answered is not on the broker's disk: the same message comes from him once more.</summary>
    async Task AskedAgainOnce<TAnswer>(string table, IRequest<TAnswer> request, string applied)
        where TAnswer : class
    {
        await CommittedUnheard("StateStore", table, bus => bus.Request(request, Cancellation).AsTask(), applied);
        await stack.Broker.Restart();
        stack.Start("StateStore");
        await using var again = await PatientBus();
        _ = await again.Request(request, Cancellation);
        Assert.Equal("1", (await Rows(applied))[0]);
    }

    Task<RabbitMqBus> PatientBus() => RabbitMqBus.Connect(new RabbitMqOptions { Address = stack.Broker.Address, RequestTimeout = TimeSpan.FromMinutes(15) }, cancellation: Cancellation);

    async Task CommittedUnheard(string service, string table, Func<RabbitMqBus, Task> send, string applied)
    {
        // A request must outlive the broker's restart: most lapse with their asker.
        await using (var bus = await PatientBus())
        {
            await using var connection = (NpgsqlConnection)await Database.At(stack.DatabaseAddress).OpenForBulk(Cancellation);
            await using var held = await connection.BeginTransactionAsync(Cancellation);
            await using (var hold = new NpgsqlCommand($"LOCK TABLE {table} IN EXCLUSIVE MODE", connection, held))
                await hold.ExecuteNonQueryAsync(Cancellation);
            var sending = send(bus);
            await Polling.Until(async () => (await Rows($"SELECT 1 FROM pg_locks WHERE NOT granted AND mode IN ('RowShareLock', 'RowExclusiveLock') AND relation = '{table}'::regclass")).Count > 0);
            await stack.Broker.Kill();
            await held.CommitAsync(Cancellation);
            await Polling.Until(async () => (await Rows(applied))[0] == "1");
            await stack.Kill(service);
            _ = Unheard(sending);
        }
    }

    async Task RedeliveredOnce(string service, string table, string queue, Func<RabbitMqBus, Task> send, string applied)
    {
        await CommittedUnheard(service, table, send, applied);
        await stack.Broker.Restart();
        await Polling.Until(async () => await Waiting(queue) == 1);
        // A killed service gives back what it has not acknowledged: an empty queue then means that it has.
        do
        {
            stack.Start(service);
            await Polling.Until(async () => await Waiting(queue) == 0);
            await stack.Kill(service);
        }
        while (await Settled(queue) != 0);
        stack.Start(service);
        Assert.Equal("1", (await Rows(applied))[0]);
    }

    // The broker is gone: whether the asker has its answer is no matter.
    static async Task Unheard(Task sending)
    {
        try
        {
            await sending;
        }
        catch (Exception e) when (e is MessagingException or TimeoutException or ObjectDisposedException)
        {
            // It would ask again.
        }
    }

    // The broker gives back the messages of a connection that ended before it says anything else of the queue.
    async Task<uint?> Settled(string queue)
    {
        uint? waiting = null;
        await Polling.Until(async () => (waiting = await Waiting(queue)) is not null);
        return waiting;
    }

    async Task<uint?> Waiting(string queue)
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = stack.Broker.Address }.CreateConnectionAsync(Cancellation);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
            return await channel.MessageCountAsync(queue, Cancellation);
        }
        catch (Exception e) when (e is RabbitMQClientException or TimeoutException)
        {
            // It comes up, or elects the queue's leader.
            return null;
        }
    }

    async Task Ask(ReportRun report)
    {
        await using var bus = await RabbitMqBus.Connect(new RabbitMqOptions { Address = stack.Broker.Address }, cancellation: Cancellation);
        Assert.Equal(CommandOutcome.Accepted, (await bus.Request(report, Cancellation)).Outcome);
    }

    // Each created, begun and completed.
    static (ReportTasks Report, int Events) TasksOf(Guid run, int count)
    {
        var events = new List<RunEvent>();
        for (var i = 1; i <= count; i++)
        {
            var task = Guid.CreateVersion7();
            events.Add(new RunEvent { Sequence = events.Count + 1, At = At(events.Count), Kind = RunEventKind.TaskCreated, Subject = task, Key = $"fit-{i}", TaskName = "fit", RunName = $"fit-{i}" });
            events.AddRange(new[] { "Running", "Completed" }.Select((type, n) => new RunEvent { Sequence = events.Count + 1 + n, At = At(events.Count + n), Kind = RunEventKind.TaskChanged, Subject = task, Type = type, RunCount = 1 }).ToList());
        }

        return (new ReportTasks(run, "an agent", 1, events), events.Count);

        static DateTimeOffset At(int second) => new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero).AddSeconds(second);
    }

    static SubmitRun Submission(Guid run) => new()
    {
        RunId = run,
        FlowName = "Mapped",
        Program = new RunProgram { Path = Path.Combine(AppContext.BaseDirectory, "Holoflow.SampleFlows.dll"), Method = "Mapped" },
        Parameters = JsonElement.Parse("""{"count":3}"""),
        Queue = "nobody",
    };

    async Task<List<string>> Rows(string sql)
    {
        await using var connection = (NpgsqlConnection)await Database.At(stack.DatabaseAddress).OpenForBulk(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i)))));
        return rows;
    }
}
