using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Holoflow.HolographyFlow.Observations;

/// <summary>A MeasurementSet of one beam.</summary>
/// <param name="Beam">The number in its name.</param>
/// <param name="Path">Its folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Fingerprint">Of its files' names, sizes and times: changes when the MeasurementSet does.</param>
sealed record BeamFile(int Beam, string Path, long Bytes, string Fingerprint)
{
    /// <summary>For the names of task runs.</summary>
    public override string ToString() => $"beam {Beam}";
}

/// <summary>The MeasurementSets of an observation, by beam number.</summary>
/// <param name="Files">By beam, then by path; two files of one beam are both there: admission refuses them by name.</param>
/// <param name="Ignored">Folders ending in .ms whose name gives no beam.</param>
sealed record Inventory(BeamFile[] Files, string[] Ignored);

/// <summary>Finds MeasurementSets: folders named <c>*_&lt;beam&gt;.ms</c>, sorted by the beam's number, not by text.</summary>
static partial class InventoryTaking
{
    public static Inventory Take(string folder)
    {
        var files = new List<BeamFile>();
        var ignored = new List<string>();
        foreach (var path in Directory.EnumerateDirectories(folder, "*.ms"))
        {
            if (Named().Match(Path.GetFileName(path)) is { Success: true } match && int.TryParse(match.Groups["beam"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var beam))
                files.Add(Describe(beam, path));
            else
                ignored.Add(path);
        }
        return new Inventory([.. files.OrderBy(file => file.Beam).ThenBy(file => file.Path, StringComparer.Ordinal)], [.. ignored.Order(StringComparer.Ordinal)]);
    }

    static BeamFile Describe(int beam, string path)
    {
        var text = new StringBuilder();
        var bytes = 0L;
        foreach (var file in new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal))
        {
            bytes += file.Length;
            text.Append(Path.GetRelativePath(path, file.FullName)).Append('|').Append(file.Length).Append('|').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        }
        return new BeamFile(beam, path, bytes, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16)));
    }

    [GeneratedRegex(@"_(?<beam>\d+)\.ms$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
