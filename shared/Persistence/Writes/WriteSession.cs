using System.Data.Common;
using Holoflow.Persistence.Sql;

namespace Holoflow.Persistence.Writes;

/// <summary>What a write works with: statements inside the group's transaction, and what is to follow the commit.</summary>
public sealed class WriteSession : SqlSession
{
    readonly List<Action> _afterCommit = [];

    internal WriteSession(DbConnection connection, IDatabaseEngine engine)
        : base(connection, engine, constant: true)
    {
    }

    /// <summary>Counts the transactions of the session, to do something once in each.</summary>
    public long Transaction { get; internal set; }

    /// <summary>Has <paramref name="action"/> called once the change is durable, in the order of the writes. It must be quick and must not fail.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    internal int Mark() => _afterCommit.Count;

    internal void ForgetSince(int mark) => _afterCommit.RemoveRange(mark, _afterCommit.Count - mark);

    internal void Committed()
    {
        foreach (var action in _afterCommit)
            action();
        _afterCommit.Clear();
    }
}
