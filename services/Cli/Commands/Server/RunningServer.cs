using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holoflow.Cli.Commands.Server;

/// <summary>A server that was started on a state directory, as it noted itself there.</summary>
/// <param name="Url">Its address.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="StartTicks">When that process started, in the kernel's ticks: a process id alone may be another's by now.</param>
sealed record RunningServer(string Url, int ProcessId, long StartTicks)
{
    const int FieldOfStartTime = 22;

    /// <summary>The server on the state directory; null: none runs.</summary>
    public static RunningServer? Find(string home)
    {
        try
        {
            var noted = JsonSerializer.Deserialize(File.ReadAllBytes(FileIn(home)), RunningServerFormat.Default.RunningServer);
            return noted is not null && StartOf(noted.ProcessId) == noted.StartTicks ? noted : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // No note, or one that a crash cut off: no server is known.
            return null;
        }
    }

    /// <summary>Notes this process as the server.</summary>
    public static void Note(string home, Uri address)
    {
        var next = $"{FileIn(home)}.{Environment.ProcessId}";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(
            new RunningServer(address.ToString(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0), RunningServerFormat.Default.RunningServer));
        File.Move(next, FileIn(home), overwrite: true);
    }

    /// <summary>Takes this process's note away.</summary>
    public static void Forget(string home)
    {
        if (Find(home)?.ProcessId == Environment.ProcessId)
            File.Delete(FileIn(home));
    }

    static string FileIn(string home) => Path.Combine(home, "server.json");

    static long? StartOf(int processId)
    {
        try
        {
            // The command's name in field 2 may hold spaces and brackets: fields are counted after its last bracket.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[FieldOfStartTime - 3]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RunningServer))]
sealed partial class RunningServerFormat : JsonSerializerContext;
