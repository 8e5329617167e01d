using System.Text.Json;

namespace Holoflow.Cli.Settings;

/// <summary>The file that profiles are kept in; readable by its owner alone.</summary>
sealed class ProfileFile(StatePaths paths)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = System.IO.Path.Combine(paths.Config, "profiles.json");

    /// <summary>The stored profiles, or the empty default where there is no file yet.</summary>
    /// <exception cref="CommandException">The file cannot be read, or holds no profiles.</exception>
    public Profiles Load()
    {
        try
        {
            if (!File.Exists(Path))
                return Profiles.Empty;
            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(Path), ProfileFormat.Default.Profiles) ?? throw new JsonException("empty");
            return stored.All.ContainsKey(stored.Active) ? stored : throw new JsonException($"the active profile '{stored.Active}' is not among them");
        }
        catch (JsonException e)
        {
            throw CommandException.BadInput($"{Path} holds no profiles ({e.Message.Split(" Path:", 2)[0]}); correct or remove it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.BadInput($"the profiles cannot be read: {e.Message}");
        }
    }

    /// <summary>Replaces the file in one step: a reader sees the old or the new one.</summary>
    public void Save(Profiles profiles)
    {
        var next = $"{Path}.{Environment.ProcessId}";
        try
        {
            _ = Directory.CreateDirectory(paths.Config);
            using (var file = new FileStream(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
                JsonSerializer.Serialize(file, profiles, ProfileFormat.Default.Profiles);
            File.Move(next, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"the profiles cannot be written: {e.Message}");
        }
    }
}
