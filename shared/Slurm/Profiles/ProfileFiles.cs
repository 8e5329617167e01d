namespace Holoflow.Slurm.Profiles;

/// <summary>Where a user's cluster profiles are: NAME.yaml in one directory.</summary>
/// <param name="Directory">The directory; need not exist.</param>
public sealed record ProfileFiles(string Directory)
{
    const string Ending = ".yaml";

    /// <summary>The profiles in the user's state directory.</summary>
    public static ProfileFiles In(string home) => new(Path.Combine(home, "clusters"));

    /// <summary>The names of the profiles that there are.</summary>
    public IReadOnlyList<string> Names =>
        System.IO.Directory.Exists(Directory) ? [.. System.IO.Directory.EnumerateFiles(Directory, "*" + Ending).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)] : [];

    /// <summary>The file of a profile.</summary>
    /// <param name="profile">Its name, or the path of a file anywhere.</param>
    public string PathOf(string profile) => profile.Contains('/') || profile.EndsWith(Ending, StringComparison.Ordinal) || profile.EndsWith(".yml", StringComparison.Ordinal)
        ? Path.GetFullPath(profile)
        : Path.Combine(Directory, profile + Ending);

    /// <summary>Reads a profile by its name or file.</summary>
    /// <exception cref="ProfileException">There is none, it cannot be read, or it has mistakes; all of them are told.</exception>
    public async Task<ClusterProfile> Read(string profile, CancellationToken cancellation)
    {
        var path = PathOf(profile);
        try
        {
            return await ProfileReader.ReadFile(path, cancellation);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            var known = Names;
            throw new ProfileException(path, [new(0, $"there is no such cluster profile; {(known.Count > 0 ? $"known by name are {string.Join(", ", known)}" : $"profiles are files NAME{Ending} in {Directory}")}")]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProfileException(path, [new(0, $"it cannot be read: {e.Message}")]);
        }
    }
}
