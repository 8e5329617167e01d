using System.Globalization;
using System.Net;

namespace Holoflow.Stack.Tests;

/// <summary>What a process listens on, as the kernel knows it.</summary>
static class ListeningSockets
{
    const string Listening = "0A";

    public static IReadOnlyList<IPEndPoint> Of(int process)
    {
        var own = Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(Target).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. new[] { "tcp", "tcp6" }.SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == Listening && own.Contains($"socket:[{fields[9]}]"))
                .Select(fields => Read(fields[1])),
        ];
    }

    static string Target(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name ?? "";
        }
        catch (IOException)
        {
            // Closed since: nothing that listens for good.
            return "";
        }
    }

    // Each 32 bits of the address are written in the machine's order.
    static IPEndPoint Read(string text)
    {
        var (address, port) = (text.Split(':')[0], text.Split(':')[1]);
        var bytes = Convert.FromHexString(address).Chunk(4).SelectMany(word => word.Reverse()).ToArray();
        return new IPEndPoint(new IPAddress(bytes), int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
