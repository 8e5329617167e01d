namespace Holoflow.Cli.Entrypoints;

/// <summary>What ENTRYPOINT names: a program and, after a colon, one of its flows' methods.</summary>
/// <param name="Path">Absolute path of the .dll or executable.</param>
/// <param name="Method">Null: the program's only flow.</param>
sealed record Entrypoint(string Path, string? Method)
{
    public bool IsAssembly => Path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <c>path[:Method]</c>; a path may hold colons itself.</summary>
    /// <exception cref="CommandException">There is no such program; the message says what is there instead.</exception>
    public static Entrypoint Parse(string text)
    {
        if (text.Length == 0 || text.Contains('\0'))
            throw CommandException.BadInput("the entrypoint is empty; write path/to/Program.dll[:Method] or path/to/executable[:Method]");
        if (File.Exists(text))
            return Checked(text, null);
        var colon = text.LastIndexOf(':');
        if (colon > 0 && IsMethodName(text.AsSpan(colon + 1)) && (File.Exists(text[..colon]) || !Directory.Exists(text)))
            return Checked(text[..colon], text[(colon + 1)..]);
        return Checked(text, null);
    }

    static Entrypoint Checked(string path, string? method)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw CommandException.BadInput($"entrypoint '{path}' is a folder; name the program in it: path/to/Program.dll[:Method]");
        if (!File.Exists(full))
            throw CommandException.BadInput($"entrypoint '{path}' does not exist{Hint(full)}");
        if (System.IO.Path.GetExtension(full) is ".csproj" or ".cs" or ".fsproj" or ".sln")
            throw CommandException.BadInput($"entrypoint '{path}' is source code; build it (dotnet build) and name the program: path/to/Program.dll[:Method]");
        return new Entrypoint(full, method);
    }

    static string Hint(string full)
    {
        var folder = System.IO.Path.GetDirectoryName(full);
        if (folder is null || !Directory.Exists(folder))
            return $"; neither does its folder {folder}: is the program built?";
        var programs = Directory.EnumerateFiles(folder, "*.runtimeconfig.json").Select(f => System.IO.Path.GetFileName(f).Replace(".runtimeconfig.json", ".dll", StringComparison.Ordinal)).ToList();
        var near = Input.NearMatch.Clause(System.IO.Path.GetFileName(full), programs);
        return near != "" ? near : programs.Count == 0 ? "" : $"; the programs in that folder are {string.Join(", ", programs.Order(StringComparer.Ordinal).Take(5))}";
    }

    static bool IsMethodName(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsLetterOrDigit(c) && c is not ('_' or '.' or '+'))
                return false;
        return text.Length > 0;
    }

    public override string ToString() => Method is null ? Path : $"{Path}:{Method}";
}
