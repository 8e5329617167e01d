using System.Security.Cryptography;
using System.Text;

namespace Holoflow.Sdk;

/// <summary>Results that other runs of the same user may take: one file a key, which appears by atomic rename.</summary>
sealed class ResultCache(string directory, TimeProvider time)
{
    public bool TryFind(TaskDefinition task, string key, out ReadOnlyMemory<byte> result)
    {
        result = default;
        var file = new FileInfo(FileOf(task, key));
        if (!file.Exists || task.Options.CacheExpiry is { } expiry && time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc > expiry)
            return false;
        try
        {
            result = File.ReadAllBytes(file.FullName);
            return true;
        }
        catch (FileNotFoundException)
        {
            // Cleared by someone in this moment.
            return false;
        }
    }

    public async ValueTask Keep(TaskDefinition task, string key, ReadOnlyMemory<byte> result)
    {
        var path = FileOf(task, key);
        Directory.CreateDirectory(directory);
        var unfinished = $"{path}.{Guid.CreateVersion7(time.GetUtcNow()):N}";
        await File.WriteAllBytesAsync(unfinished, result);
        File.SetLastWriteTimeUtc(unfinished, time.GetUtcNow().UtcDateTime);
        File.Move(unfinished, path, overwrite: true);
    }

    // A key is any text: only its hash is fit for a path.
    string FileOf(TaskDefinition task, string key) =>
        Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{task.Name}\0{key}"))) + ".json");
}
