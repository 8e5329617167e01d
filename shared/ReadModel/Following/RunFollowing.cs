using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Artifacts;
using Holoflow.ReadModel.FlowRuns;
using Holoflow.ReadModel.Logs;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.Following;

/// <summary>Up to where a follower of a run has been told.</summary>
/// <param name="Version">The run's state changes.</param>
/// <param name="Sequence">The run's events.</param>
/// <param name="LogPosition">The run's log lines.</param>
public readonly record struct FollowPosition(long Version, long Sequence, long LogPosition);

/// <summary>What is new of a run.</summary>
/// <param name="Run">The run as it is.</param>
/// <param name="Family">The run's nested runs, all of them, as they are.</param>
/// <param name="Tasks">Task runs that are new or changed, in order of change.</param>
/// <param name="Artifacts">New artifacts.</param>
/// <param name="Lines">New log lines.</param>
/// <param name="Position">Where to go on.</param>
/// <param name="More">True: more is there already.</param>
public sealed record RunNews(
    FlowRunRow Run,
    IReadOnlyList<FlowRunRow> Family,
    IReadOnlyList<TaskRunWithProgress> Tasks,
    IReadOnlyList<ArtifactRow> Artifacts,
    IReadOnlyList<LogLineRow> Lines,
    FollowPosition Position,
    bool More);

/// <summary>Tells what is new of a run since a position: nothing is kept between the questions, so that any server can go on where another stopped.</summary>
public sealed class RunFollowing(Database database)
{
    const int AtMost = 1000;

    const string FamilyIds = """
        WITH RECURSIVE family (id) AS (SELECT $1 UNION SELECT c.id FROM flow_runs c JOIN family f ON c.parent_run_id = f.id)
        """;

    const string SqliteFamily = $"{FamilyIds} SELECT {FlowRunColumns.All} FROM family f CROSS JOIN flow_runs r ON r.id = f.id WHERE r.id <> $1 ORDER BY r.created_at, r.id";

    const string PostgresqlFamily = """
        WITH RECURSIVE family (id) AS (SELECT $1::uuid UNION SELECT c.id FROM flow_runs c JOIN family f ON c.parent_run_id = f.id)
        """ + $" SELECT {FlowRunColumns.All} FROM flow_runs r WHERE r.id IN (SELECT id FROM family) AND r.id <> $1 ORDER BY r.created_at, r.id";

    const string Newest = "CASE WHEN p.sequence > t.sequence THEN p.sequence ELSE t.sequence END";

    static readonly string TasksAfter = $"""
        SELECT {TaskRunColumns.All} FROM {TaskRunColumns.Join} WHERE t.run_id = $1 AND {Newest} > $2 AND {Newest} <= $3
        ORDER BY {Newest} LIMIT {AtMost}
        """;

    /// <param name="id">The run.</param>
    /// <param name="position">Since when.</param>
    /// <param name="logs">False: without log lines.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Null: there is no such run.</returns>
    public async Task<RunNews?> Read(Guid id, FollowPosition position, bool logs, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        // The run first: what changes while the rest is read is newer than its sequence, and found the next time.
        if (FlowRunDetails.Find(session, id) is not { } run)
            return null;
        var family = session.Query(session.Provider == DatabaseProvider.Sqlite ? SqliteFamily : PostgresqlFamily, id).ReadAll(FlowRunColumns.Read);
        // With a run's new state the store may have ended tasks under the sequence that was applied last.
        var since = run.Version != position.Version ? Math.Max(0, position.Sequence - 1) : position.Sequence;
        var (tasks, through) = since < run.EventsThrough ? ReadTasks(session, run, family, since) : ([], run.EventsThrough);
        var artifacts = ReadArtifacts(session, run, family, since, through);
        var lines = logs ? LogLines.Read(session, id, new LogQuery { After = position.LogPosition }, AtMost) : [];
        return new RunNews(
            run,
            family,
            tasks,
            artifacts,
            lines,
            new FollowPosition(run.Version, through, lines.Count > 0 ? lines[^1].Position : position.LogPosition),
            through < run.EventsThrough || lines.Count == AtMost);
    }

    static (List<TaskRunWithProgress> Tasks, long Through) ReadTasks(SqlSession session, FlowRunRow run, List<FlowRunRow> family, long since)
    {
        var tasks = new List<TaskRunWithProgress>();
        var through = run.EventsThrough;
        foreach (var id in family.Select(f => f.Id).Prepend(run.Id))
        {
            var some = session.Query(TasksAfter, id, since, run.EventsThrough).ReadAll(TaskRunColumns.Read);
            if (some.Count == AtMost)
                through = Math.Min(through, some[^1].Sequence);
            tasks.AddRange(some);
        }

        var end = through;
        return ([.. tasks.Where(t => t.Sequence <= end).OrderBy(t => t.Sequence)], through);
    }

    static List<ArtifactRow> ReadArtifacts(SqlSession session, FlowRunRow run, List<FlowRunRow> family, long since, long through)
    {
        var artifacts = new List<ArtifactRow>();
        if (since < through)
        {
            foreach (var id in family.Select(f => f.Id).Prepend(run.Id))
                artifacts.AddRange(RunArtifacts.Between(session, id, since, through));
        }

        return artifacts;
    }
}
