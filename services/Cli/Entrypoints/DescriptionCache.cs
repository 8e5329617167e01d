using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.RunProtocol;

namespace Holoflow.Cli.Entrypoints;

/// <summary>A stored description, and the build that gave it.</summary>
sealed record CachedDescription(ProgramIdentity Program, ProgramDescription Description);

/// <summary>Keeps descriptions, so that the second run of a program starts no process to ask it again.</summary>
sealed class DescriptionCache(string home)
{
    readonly string _folder = Path.Combine(home, "cache", "descriptions");

    /// <summary>The stored description of exactly this build; null where there is none that can be read.</summary>
    public ProgramDescription? Find(ProgramIdentity program)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(program)), DescriptionFormat.Default.CachedDescription);
            return stored?.Program == program ? stored.Description : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            // A cache: what is missing or damaged is asked for again and written anew.
            return null;
        }
    }

    /// <summary>Stores a description. A cache that cannot be written costs time, not correctness: false.</summary>
    public bool TryStore(ProgramIdentity program, ProgramDescription description)
    {
        var file = FileOf(program);
        var next = $"{file}.{Environment.ProcessId}";
        try
        {
            // The first to be there makes the state directory, which is for its owner alone.
            _ = Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _ = Directory.CreateDirectory(_folder);
            File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(new CachedDescription(program, description), DescriptionFormat.Default.CachedDescription));
            File.Move(next, file, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    string FileOf(ProgramIdentity program) =>
        Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(program.Path)).AsSpan(0, 16)) + ".json");
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CachedDescription))]
sealed partial class DescriptionFormat : JsonSerializerContext;
