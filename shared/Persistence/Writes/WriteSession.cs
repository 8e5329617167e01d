using System.Data.Common;
using System.Runtime.CompilerServices;
using Holoflow.Persistence.Sql;

namespace Holoflow.Persistence.Writes;

/// <summary>What a write works with: statements inside the group's transaction, and what is to follow the commit.</summary>
public sealed class WriteSession : SqlSession
{
    readonly List<Action> _afterCommit = [];
    readonly List<Change> _sums = [];
    readonly List<Gathered> _gathered = [];

    internal WriteSession(DbConnection connection, IDatabaseEngine engine)
        : base(connection, engine, constant: true)
    {
    }

    /// <summary>Counts the transactions of the session, to do something once in each.</summary>
    public long Transaction { get; internal set; }

    /// <summary>Has <paramref name="action"/> called once the change is durable, in the order of the writes. It must be quick and must not fail.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>
    /// Changes a sum by <paramref name="by"/>. What the group changes of one is carried out once, last of all before the commit: rows that every
    /// write touches are locked for no longer than the commit takes, and written once a group.
    /// </summary>
    /// <param name="sql">Carries it out; its parameters are the key's parts, then the change.</param>
    /// <param name="key">Which sum.</param>
    /// <param name="by">Not written where the group's changes cancel out.</param>
    public void AddUp(string sql, ITuple key, long by) => _sums.Add(new Change(sql, key, by));

    /// <summary>Has <paramref name="carryOut"/> called with <paramref name="item"/> and all that the group gathers for it, before the commit: many rows then cost one statement.</summary>
    /// <param name="carryOut">The same for all that belongs together.</param>
    /// <param name="item">Forgotten where its write fails.</param>
    public void Gather<T>(Action<WriteSession, IReadOnlyList<T>> carryOut, T item)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(carryOut);
        _gathered.Add(new Gathered(carryOut, item, static (session, key, items) => ((Action<WriteSession, IReadOnlyList<T>>)key)(session, [.. items.Cast<T>()])));
    }

    internal (int Actions, int Sums, int Gathered) Mark() => (_afterCommit.Count, _sums.Count, _gathered.Count);

    internal void ForgetSince((int Actions, int Sums, int Gathered) mark)
    {
        _afterCommit.RemoveRange(mark.Actions, _afterCommit.Count - mark.Actions);
        _sums.RemoveRange(mark.Sums, _sums.Count - mark.Sums);
        _gathered.RemoveRange(mark.Gathered, _gathered.Count - mark.Gathered);
    }

    internal void CarryOutGathered()
    {
        foreach (var group in _gathered.GroupBy(g => g.Key))
            group.First().CarryOut(this, group.Key, group.Select(g => g.Item));
        _gathered.Clear();
    }

    // In one order: two processes that count in the same place wait for each other, and never in a circle.
    internal void PostSums()
    {
        foreach (var sum in _sums.GroupBy(s => (s.Sql, s.Key)).OrderBy(s => s.Key.Sql, StringComparer.Ordinal).ThenBy(s => s.Key.Key, Comparer<object>.Default))
        {
            var by = sum.Sum(s => s.By);
            if (by != 0)
                Post(sum.Key.Sql, [.. Enumerable.Range(0, sum.Key.Key.Length).Select(i => sum.Key.Key[i]), by]);
        }

        _sums.Clear();
    }

    internal void Committed()
    {
        foreach (var action in _afterCommit)
            action();
        _afterCommit.Clear();
    }

    readonly record struct Gathered(Delegate Key, object Item, Action<WriteSession, Delegate, IEnumerable<object>> CarryOut);

    readonly record struct Change(string Sql, ITuple Key, long By);
}
