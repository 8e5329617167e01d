namespace Holoflow.Holography.Tables;

/// <summary>
/// A table that cannot be read: truncated, corrupt, of a kind that is not supported, or without what was asked for.
/// The message names the file, and the offset or the column and its data manager where they apply.
/// </summary>
public sealed class TableFormatException : Exception
{
    public TableFormatException()
    {
    }

    public TableFormatException(string message)
        : base(message)
    {
    }

    public TableFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static TableFormatException At(string file, long offset, string problem) =>
        new($"{file}: {problem} (at offset {offset})");
}
