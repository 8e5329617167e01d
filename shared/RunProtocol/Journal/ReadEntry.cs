namespace Holoflow.RunProtocol.Journal;

/// <summary>One whole line of a journal, read.</summary>
/// <param name="Offset">Where the line begins, in bytes.</param>
/// <param name="Length">Its length in bytes, with the newline.</param>
/// <param name="Entry">The entry; a bare <see cref="JournalEntry"/> where its kind is not known to this version; null where the line is faulty.</param>
/// <param name="Fault">What is wrong with the line; null where nothing is.</param>
public readonly record struct ReadEntry(long Offset, long Length, JournalEntry? Entry, string? Fault)
{
    /// <summary>Where the next line begins, in bytes.</summary>
    public long End => Offset + Length;
}
