using Holoflow.Persistence;
using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;
using Holoflow.ReadModel.Rows;

namespace Holoflow.ReadModel.FlowRuns;

/// <summary>
/// Lists of flow runs, by keyset pages. The rarest condition that has an index is read in order and the others are checked
/// row by row; a page looks at a bounded number of rows and says where to go on, so that no filter makes it slow.
/// </summary>
public sealed class FlowRunLists(Database database)
{
    const int FirstWindow = 2000;
    const int Windows = 3;

    /// <param name="query">Which runs.</param>
    /// <param name="after">After this place; null: from the start.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<FlowRunPage> Page(FlowRunQuery query, FlowRunKey? after, int limit, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        var plan = RunPlan.Choose(session, query, after);
        var found = new List<FlowRunRow>();
        for (var window = 0; window < Windows; window++)
        {
            cancellation.ThrowIfCancellationRequested();
            var through = plan.IsExact ? null : End(session, plan, query, after, FirstWindow << window);
            Read(session, plan, query, after, through, limit + 1, found);
            if (found.Count > limit)
                return new FlowRunPage(found[..limit], KeyOf(found[limit - 1]));
            after = through;
            if (through is null)
                break;
        }

        return new FlowRunPage(found, after);
    }

    /// <summary>How many runs of a query are in each state type.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Count(FlowRunQuery query, CancellationToken cancellation = default)
    {
        await using var session = await database.OpenReadSession(cancellation);
        if (RunTotals.Answer(query))
            return RunTotals.Read(session, query);
        var plan = RunPlan.Choose(session, query, null);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var source in plan.Sources)
        {
            using var rows = source.Count(session, query, c => AddFurther(c, source, plan, query, isPage: false));
            while (rows.Next())
                counts[rows.Text(0)] = counts.GetValueOrDefault(rows.Text(0)) + rows.Long(1);
        }

        return counts;
    }

    static FlowRunKey KeyOf(FlowRunRow run) => new(run.CreatedAt, run.Id);

    static int Compare(FlowRunKey a, FlowRunKey b) =>
        a.CreatedAt != b.CreatedAt ? a.CreatedAt.CompareTo(b.CreatedAt) : a.Id.CompareTo(b.Id);

    /// <summary>The last row of the window: the nearest of those that the sources' windows end with.</summary>
    static FlowRunKey? End(SqlSession session, RunPlan plan, FlowRunQuery query, FlowRunKey? after, int window)
    {
        FlowRunKey? end = null;
        foreach (var source in plan.Sources)
        {
            if (source.KeyAt(session, query, after, window - 1) is { } key && (end is not { } nearest || Compare(key, nearest) < 0 == query.OldestFirst))
                end = key;
        }

        return end;
    }

    void Read(SqlSession session, RunPlan plan, FlowRunQuery query, FlowRunKey? after, FlowRunKey? through, int limit, List<FlowRunRow> found)
    {
        var news = new List<FlowRunRow>();
        foreach (var source in plan.Sources)
            news.AddRange(source.Read(session, FlowRunColumns.All, query, after, through, c => AddFurther(c, source, plan, query, isPage: true), limit - found.Count).ReadAll(FlowRunColumns.Read));

        if (plan.Sources.Count > 1)
            news.Sort((a, b) => query.OldestFirst ? Compare(KeyOf(a), KeyOf(b)) : Compare(KeyOf(b), KeyOf(a)));
        found.AddRange(news.Take(limit - found.Count));
    }

    void AddFurther(SqlConditions conditions, RunSource source, RunPlan plan, FlowRunQuery query, bool isPage)
    {
        if (!plan.IsExact)
            RunConditions.Add(conditions, query, source, database.Provider, isPage);
    }
}
