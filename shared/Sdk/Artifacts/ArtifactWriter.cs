using System.Text.Json;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Sdk;

/// <summary>
/// Shows things to people beside the run. A key names an artifact: making one with the same key again replaces the older one; both
/// stay in the history. Keys are lower-case letters, digits and hyphens.
/// </summary>
public sealed class ArtifactWriter
{
    const long LargestImage = 64 * 1024 * 1024;
    static readonly HashSet<string> ImageTypes = new([".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg"], StringComparer.OrdinalIgnoreCase);

    readonly IEntrySink _entries;
    readonly Guid? _run;
    readonly Guid? _task;

    internal ArtifactWriter(IEntrySink entries, Guid? run, Guid? task)
    {
        _entries = entries;
        _run = run;
        _task = task;
    }

    /// <summary>A text with markdown.</summary>
    public void Markdown(string key, string markdown, string? title = null) => Write(key, "markdown", title, JsonOf(markdown));

    /// <summary>A table: every row's public members are its columns.</summary>
    public void Table<TRow>(string key, IEnumerable<TRow> rows, string? title = null) => Write(key, "table", title, JsonOf(rows.ToArray()));

    /// <summary>A link to somewhere.</summary>
    public void Link(string key, Uri url, string? title = null)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https" or "file"))
            throw new ArgumentException($"an artifact's link must be an absolute http, https or file URL, not '{url}'", nameof(url));
        Write(key, "link", title, JsonOf(url.AbsoluteUri));
    }

    /// <summary>An image file (png, jpeg, gif, webp, svg), which is copied into the run directory.</summary>
    public void Image(string key, string path, string? title = null)
    {
        var file = new FileInfo(path);
        if (!ImageTypes.Contains(file.Extension))
            throw new ArgumentException($"'{path}' is no image by its name; right would be one of {string.Join(", ", ImageTypes)}", nameof(path));
        if (file.Length > LargestImage)
            throw new ArgumentException($"'{path}' has {file.Length} bytes; the limit for an image is {LargestImage}", nameof(path));
        var id = NewId();
        var name = $"{id:N}{file.Extension.ToLowerInvariant()}";
        Directory.CreateDirectory(_entries.Directory.Artifacts);
        file.CopyTo(Path.Combine(_entries.Directory.Artifacts, name));
        Write(key, "image", title, null, name, id);
    }

    /// <summary>How far something is, from 0 to 1.</summary>
    public void Progress(string key, double fraction, string? title = null)
    {
        if (fraction is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "a fraction is from 0 to 1");
        Write(key, "progress", title, JsonOf(fraction));
    }

    void Write(string key, string type, string? title, JsonElement? data, string? file = null, Guid? id = null)
    {
        if (key.Length is 0 or > 200 || key.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            throw new ArgumentException($"an artifact's key is up to 200 lower-case letters, digits and hyphens, not '{key}'", nameof(key));
        _entries.Append(new ArtifactMade
        {
            Run = _run,
            Task = _task,
            Artifact = id ?? NewId(),
            Key = key,
            Type = type,
            Title = title,
            Data = data,
            File = file,
        });
    }

    Guid NewId() => Guid.CreateVersion7(_entries.Time.GetUtcNow());

    static JsonElement JsonOf<T>(T value) => JsonSerializer.SerializeToElement(value, ResultFormat.Options);
}
