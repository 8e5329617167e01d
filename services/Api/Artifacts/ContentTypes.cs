namespace Holoflow.Api.Artifacts;

/// <summary>The media types that files are served as: such that no browser takes one for a page or a program.</summary>
static class ContentTypes
{
    static readonly Dictionary<string, string> Safe = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".txt"] = "text/plain; charset=utf-8",
        [".log"] = "text/plain; charset=utf-8",
        [".csv"] = "text/csv; charset=utf-8",
        [".json"] = "application/json",
        [".fits"] = "application/fits",
    };

    /// <summary>Anything that is not known to be harmless, SVG and HTML among it, is a stream of bytes.</summary>
    public static string Of(string fileName) => Safe.GetValueOrDefault(Path.GetExtension(fileName), "application/octet-stream");
}
