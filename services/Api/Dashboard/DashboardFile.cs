using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Holoflow.Api.Dashboard;

/// <summary>One file of the dashboard, with the compressed forms that the build laid beside it.</summary>
sealed class DashboardFile
{
    static readonly (string Encoding, string Extension)[] Forms = [("br", ".br"), ("gzip", ".gz")];

    static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".txt"] = "text/plain; charset=utf-8",
    };

    readonly string _path;
    readonly IReadOnlyList<(string Encoding, string Path)> _compressed;

    DashboardFile(string path)
    {
        _path = path;
        _compressed = [.. Forms.Where(form => File.Exists(path + form.Extension)).Select(form => (form.Encoding, path + form.Extension))];
        var info = new FileInfo(path);
        Tag = string.Create(CultureInfo.InvariantCulture, $"\"{info.LastWriteTimeUtc.Ticks:x}-{info.Length:x}\"");
    }

    public string Tag { get; }

    public string ContentType => ContentTypes[Path.GetExtension(_path)];

    /// <summary>The files of a directory by their path in it; none where it is not there.</summary>
    public static IReadOnlyDictionary<string, DashboardFile> AllIn(string directory) => !Directory.Exists(directory)
        ? new Dictionary<string, DashboardFile>(StringComparer.Ordinal)
        : Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(path => ContentTypes.ContainsKey(Path.GetExtension(path)))
            .ToDictionary(path => Path.GetRelativePath(directory, path), path => new DashboardFile(path), StringComparer.Ordinal);

    /// <summary>The best form that the reader takes, and its encoding; null: as it is.</summary>
    public (string Path, string? Encoding) For(StringValues acceptEncoding)
    {
        var taken = acceptEncoding.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var (encoding, path) in _compressed)
        {
            if (taken.Any(t => t == encoding || (t.StartsWith(encoding + ";", StringComparison.Ordinal) && !t.EndsWith("q=0", StringComparison.Ordinal))))
                return (path, encoding);
        }

        return (_path, null);
    }
}
