using System.Text;
using System.Text.Json;

namespace Holoflow.HolographyFlow.Announcements;

/// <summary>Appends events to a file, one JSON object a line.</summary>
sealed class JsonLinesAnnouncer(string path) : IAnnouncer
{
    public async Task AnnounceAsync(FlowEvent announced, CancellationToken cancellation)
    {
        try
        {
            // One write of one line, in append mode: lines of several runs do not mix.
            await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1);
            await file.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(announced, FlowEvent.Json) + "\n"), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AnnouncementException($"the event {announced.Type} cannot be appended to {path}: {e.Message}", e);
        }
    }
}
