namespace Holoflow.RunProtocol.Files;

/// <summary>Small files that a reader finds whole, in their old form or their new one, whatever dies in between.</summary>
public static class WholeFile
{
    /// <summary>The end of the name under which a file is written before it takes its own.</summary>
    public const string Unfinished = ".new";

    /// <summary>Replaces a file in one step.</summary>
    /// <param name="path">The file; its directory exists.</param>
    /// <param name="content">All of it.</param>
    /// <param name="mode">The permissions of the new file; null: as the process's mask has it.</param>
    /// <exception cref="IOException">The disk is full; the older file stays.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode? mode = null)
    {
        using (var file = new FileStream(path + Unfinished, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = mode, BufferSize = 0 }))
            file.Write(content);
        File.Move(path + Unfinished, path, overwrite: true);
    }
}
