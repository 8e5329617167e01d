using System.Security.Cryptography;
using System.Text.Json;
using Holoflow.Holography.Fits;
using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Reduction;

/// <summary>
/// The identity of an intermediate file: a hash of all that went into it, in its header. A file with the right key is taken up instead of being made again, so
/// that a task killed after its file was whole costs nothing when it is repeated.
/// </summary>
static class StageKey
{
    const string Keyword = "TASKKEY";

    // Builds are deterministic: the module's id changes when, and only when, the science does.
    static readonly Guid Science = typeof(FitsHeader).Module.ModuleVersionId;

    /// <summary>A key from the inputs; raise <paramref name="version"/> when the stage computes something else from them.</summary>
    public static string Of(string stage, int version, params object?[] inputs) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { stage, version, Science, inputs }, FlowJson.Options)).AsSpan(0, 16));

    /// <summary>A hash of a file's contents; null where there is no file.</summary>
    public static string? OfFile(string? path) => path is null ? null : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    public static FitsHeader Header(string key) => new FitsHeader().Add(Keyword, key, "hash of what went into this file");

    /// <summary>Whether a whole file with that key lies there.</summary>
    public static bool IsCurrent(string path, string key)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var file = FitsReader.Open(path);
            return file.Units[0].Header.Find(Keyword) as string == key;
        }
        catch (FitsFormatException)
        {
            // Damaged: it is made again.
            return false;
        }
    }
}
