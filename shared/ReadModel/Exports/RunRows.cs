using System.Buffers;
using System.Text.Json;
using Holoflow.Persistence;
using Holoflow.Persistence.Copies;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Exports;

/// <summary>All rows that belong to a run and to those nested in it, to be written elsewhere. It must be disposed of.</summary>
public sealed class RunRows : IAsyncDisposable
{
    const string Known = "SELECT name, flow_name, state_type, state_name, parent_run_id FROM flow_runs WHERE id = $1";
    const string NestedOf = "SELECT id FROM flow_runs WHERE parent_run_id = $1 ORDER BY created_at, id";

    readonly ReadSession _session;

    RunRows(ReadSession session, IReadOnlyList<Guid> runs) => (_session, Runs) = (session, runs);

    /// <summary>The run, then those nested in it.</summary>
    public IReadOnlyList<Guid> Runs { get; }

    public required string Name { get; init; }

    public required string FlowName { get; init; }

    public required string StateType { get; init; }

    public required string StateName { get; init; }

    /// <summary>The run that it is part of, where it is nested.</summary>
    public Guid? ParentRunId { get; init; }

    /// <summary>The rows of a run; null: there is none.</summary>
    public static async Task<RunRows?> Open(Database database, Guid id, CancellationToken cancellation = default)
    {
        var session = await database.OpenReadSession(cancellation);
        using (var rows = session.Query(Known, id))
        {
            if (rows.Next())
            {
                var (name, flow, type, state, parent) = (rows.Text(0), rows.Text(1), rows.Text(2), rows.Text(3), rows.IdOrNull(4));
                rows.Dispose();
                return new RunRows(session, WithNested(session, id)) { Name = name, FlowName = flow, StateType = type, StateName = state, ParentRunId = parent };
            }
        }

        await session.DisposeAsync();
        return null;
    }

    /// <summary>The rows of a table, a JSON array a line, in pieces of about <paramref name="size"/> bytes; each piece is used before the next is asked for.</summary>
    public IEnumerable<(ReadOnlyMemory<byte> Lines, int Rows)> Read(RunTable table, int size)
    {
        var buffer = new ArrayBufferWriter<byte>(size);
        var count = 0;
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        foreach (var run in Runs)
        {
            using var rows = _session.Query(table.Select, run);
            while (rows.Next())
            {
                CopiedRow.Write(json, table, rows);
                json.Flush();
                json.Reset();
                buffer.Write("\n"u8);
                count++;
                if (buffer.WrittenCount < size)
                    continue;
                yield return (buffer.WrittenMemory, count);
                buffer.ResetWrittenCount();
                count = 0;
            }
        }

        if (count > 0)
            yield return (buffer.WrittenMemory, count);
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    static List<Guid> WithNested(ReadSession session, Guid root)
    {
        var all = new List<Guid> { root };
        for (var i = 0; i < all.Count; i++)
            all.AddRange(session.Query(NestedOf, all[i]).ReadAll(rows => rows.Id(0)));
        return all;
    }
}
