namespace Holoflow.Persistence;

/// <summary>What is wrong with a database.</summary>
public enum DatabaseFault
{
    /// <summary>It cannot be reached or opened, or its directory is missing.</summary>
    Unreachable,

    /// <summary>It has no schema, or an older one: it must be upgraded.</summary>
    Outdated,

    /// <summary>A newer version of Holoflow made it.</summary>
    Newer,

    /// <summary>It is something else, or damaged.</summary>
    Corrupt,
    ReadOnly,

    /// <summary>The disk is full: nothing of the change was kept, and it may be tried again.</summary>
    Full,
}

/// <summary>The database cannot be used; the message is one clear line for people.</summary>
public sealed class DatabaseException : Exception
{
    public DatabaseException(DatabaseFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public DatabaseFault Fault { get; }
}
