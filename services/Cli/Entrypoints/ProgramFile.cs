using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.Win32.SafeHandles;

namespace Holoflow.Cli.Entrypoints;

/// <summary>What tells one build of a program from another, without starting it.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="ModifiedTicks">When it was written (UTC ticks).</param>
/// <param name="ModuleVersion">The MVID of an assembly; null for an executable.</param>
/// <param name="Libraries">A digest over names, sizes and times of the assemblies beside it: flows may be defined in them.</param>
sealed record ProgramIdentity(string Path, long Length, long ModifiedTicks, Guid? ModuleVersion, long Libraries);

/// <summary>Looks at a program's file: can it be started at all?</summary>
static class ProgramFile
{
    /// <summary>Identifies the program.</summary>
    /// <exception cref="CommandException">It is no program; the message says why.</exception>
    public static ProgramIdentity Identify(Entrypoint entrypoint)
    {
        var path = entrypoint.Path;
        try
        {
            var file = new FileInfo(path);
            var module = entrypoint.IsAssembly ? ModuleVersion(path) : null;
            if (!entrypoint.IsAssembly && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0)
                throw CommandException.BadInput($"entrypoint '{path}' is neither a .dll nor executable; make it executable (chmod +x) or name a .NET program's .dll");
            return new ProgramIdentity(path, file.Length, file.LastWriteTimeUtc.Ticks, module, Libraries(file.Directory!));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"entrypoint '{path}' cannot be read: {e.Message}");
        }
    }

    static Guid? ModuleVersion(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        using var stream = new FileStream(handle, FileAccess.Read);
        try
        {
            using var image = new PEReader(stream);
            if (!image.HasMetadata)
                throw CommandException.BadInput($"entrypoint '{path}' is not a .NET program: it is a native library");
            if (image.PEHeaders.CorHeader!.EntryPointTokenOrRelativeVirtualAddress == 0)
                throw CommandException.BadInput($"entrypoint '{path}' is a library, not a program: it has no Main; name the .dll of a console project (OutputType Exe)");
            if (!File.Exists(System.IO.Path.ChangeExtension(path, ".runtimeconfig.json")))
                throw CommandException.BadInput($"entrypoint '{path}' cannot be started: {System.IO.Path.GetFileNameWithoutExtension(path)}.runtimeconfig.json is not beside it; name the .dll in the build's output folder");
            var metadata = image.GetMetadataReader();
            return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        }
        catch (BadImageFormatException)
        {
            throw CommandException.BadInput($"entrypoint '{path}' is not a .NET program: its content is no assembly");
        }
    }

    static long Libraries(DirectoryInfo folder)
    {
        // Order of listing is not fixed, so each file's own digest is summed up.
        var digest = 0UL;
        foreach (var file in folder.EnumerateFiles("*.dll"))
        {
            var one = 14_695_981_039_346_656_037UL;
            foreach (var c in file.Name)
                one = (one ^ c) * 1_099_511_628_211UL;
            one = (one ^ (ulong)file.Length) * 1_099_511_628_211UL;
            one = (one ^ (ulong)file.LastWriteTimeUtc.Ticks) * 1_099_511_628_211UL;
            digest += one;
        }
        return (long)digest;
    }
}
