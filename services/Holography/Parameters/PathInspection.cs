using Holoflow.HolographyFlow.Announcements;

namespace Holoflow.HolographyFlow.Parameters;

/// <summary>Looks at the paths among the parameters.</summary>
static class PathInspection
{
    public static ParameterPaths Inspect(HolographyParameters p) => new(
        Look(p.Workdir)!, Look(p.BeamPath), Look(p.SourceDirectory), Look(p.SourceModel), Look(p.ReferenceXyPhase),
        p.AnnounceTo is { } target && !Announcers.IsWebAddress(target, out _) ? Look(Path.GetDirectoryName(Path.GetFullPath(target))) : null);

    static PathFacts? Look(string? path)
    {
        if (path is null)
            return null;
        var isDirectory = Directory.Exists(path);
        return new PathFacts(path, isDirectory, File.Exists(path), isDirectory && CanWrite(path));
    }

    // The mode bits do not tell of read-only mounts, quotas or access lists: only trying does.
    static bool CanWrite(string folder)
    {
        var probe = Path.Combine(folder, $".holoflow-probe-{Environment.ProcessId}-{Path.GetRandomFileName()}");
        try
        {
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
                return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
