using System.Buffers;
using System.Text.Json;

namespace Holoflow.RunProtocol.Files;

/// <summary>JSON that is written by hand: nothing is compiled for it at the start of a short process.</summary>
public static class JsonText
{
    /// <summary>The UTF-8 text of one object, whose members <paramref name="members"/> writes.</summary>
    public static ReadOnlyMemory<byte> Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
