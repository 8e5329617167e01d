using Holoflow.Contracts;
using Holoflow.Persistence.Copies;
using Holoflow.Persistence.Writes;

namespace Holoflow.LogIngest;

/// <summary>Lines of a run that was exported elsewhere, as they were. A run that is there is never added to.</summary>
static class ImportedLines
{
    const string Exists = "SELECT COUNT(*) FROM flow_runs WHERE id = $1";

    public static CommandAnswered Store(WriteSession session, ImportLogLines message)
    {
        var table = RunTable.Lines;
        var (rows, owners) = (new List<object?[]>(message.Rows.Count), new HashSet<Guid>());
        foreach (var line in message.Rows)
        {
            if (CopiedRow.Read(table, line, out var mistake) is not { } row)
                return new CommandAnswered(CommandOutcome.Refused, mistake);
            rows.Add(row);
            if (owners.Add((Guid)row[table.OwnerAt]!) && session.Number(Exists, row[table.OwnerAt]) > 0)
                return new CommandAnswered(CommandOutcome.Refused, $"run {row[table.OwnerAt]} is there already");
        }

        foreach (var row in rows)
            session.Post(table.Insert, row);
        return new CommandAnswered(CommandOutcome.Accepted);
    }
}
