namespace Holoflow.HolographyFlow.Parameters;

/// <summary>What the rules need to know of a path; found before they are applied, so that they stay a pure function.</summary>
/// <param name="Path">The path.</param>
/// <param name="IsDirectory">Whether it is an existing folder.</param>
/// <param name="IsFile">Whether it is an existing file.</param>
/// <param name="IsWritable">Whether a file could be made in it.</param>
sealed record PathFacts(string Path, bool IsDirectory, bool IsFile, bool IsWritable);

/// <summary>The paths among the parameters; null where the parameter is left out.</summary>
sealed record ParameterPaths(
    PathFacts Workdir, PathFacts? BeamPath, PathFacts? SourceDirectory, PathFacts? SourceModel, PathFacts? ReferenceXyPhase, PathFacts? AnnouncementFolder = null);

/// <summary>
/// The rules of HOLOGRAPHY section 9.3 that a schema cannot say. A pure function: all mistakes at once, each with what would be right. What needs the
/// observation itself (antennas, channels, free space) is decided at admission.
/// </summary>
static class ParameterRules
{
    public static IReadOnlyList<string> Mistakes(HolographyParameters p, ParameterPaths paths) =>
    [
        .. Folder("workdir", paths.Workdir, mustWrite: true),
        .. Folder("beamPath", paths.BeamPath, mustWrite: true),
        .. Folder("sourceDirectory", paths.SourceDirectory, mustWrite: false),
        .. ExistingFile("sourceModel", paths.SourceModel),
        .. ExistingFile("referenceXyPhase", paths.ReferenceXyPhase),
        .. Folder("the folder of announceTo, unless that is an http(s) address,", paths.AnnouncementFolder, mustWrite: true),
        .. Values(p),
    ];

    static IEnumerable<string> Values(HolographyParameters p)
    {
        if (p.OutputPixels % 2 == 0)
            yield return $"outputPixels must be odd, so that a pixel lies on the beam's centre: {p.OutputPixels - 1} or {p.OutputPixels + 1}, not {p.OutputPixels}";
        if (p.ShiftAmpLimits is not [var low, var high] || !(low > 0 && low < 1 && high > 1))
            yield return $"shiftAmpLimits must be two numbers, one between 0 and 1 and one above 1, not [{string.Join(", ", p.ShiftAmpLimits)}]";
        if (p.MinBeams > p.ExpectedBeams)
            yield return $"minBeams must be at most expectedBeams ({p.ExpectedBeams}), not {p.MinBeams}";
        if (p.Beams is { Length: 0 })
            yield return "beams must name at least one beam, or be left out for all";
        if (p.Beams is { } beams && beams.Distinct().Count() != beams.Length)
            yield return $"beams names {string.Join(", ", beams.GroupBy(b => b).Where(g => g.Count() > 1).Select(g => g.Key))} more than once";
        if (p.Beams?.Any(beam => beam < 0) == true)
            yield return $"beams are numbered from 0, not {p.Beams.Min()}";
    }

    static IEnumerable<string> Folder(string name, PathFacts? path, bool mustWrite)
    {
        if (path is null)
            yield break;
        if (path.IsFile)
            yield return $"{name} must be a folder: {path.Path} is a file";
        else if (!path.IsDirectory)
            yield return $"{name} must be an existing folder: there is no {path.Path}";
        else if (mustWrite && !path.IsWritable)
            yield return $"{name} must be writable: nothing can be written into {path.Path}";
    }

    static IEnumerable<string> ExistingFile(string name, PathFacts? path)
    {
        if (path is { IsFile: false })
            yield return $"{name} must be an existing file: there is no {path.Path}";
    }
}
