using System.Net;
using System.Net.Sockets;

namespace Holoflow.Servers;

/// <summary>
/// Ports for servers that are told theirs: free, given to no other test on this machine, and outside the range that the kernel takes
/// the near ends of outgoing connections from, one of which could have the port before the server does, or while it is down. Nor are they
/// of those that infra's script for a head node chooses among, which knows nothing of who has one and does not listen yet.
/// </summary>
public static class FreePort
{
    const int LowestUnprivileged = 10_240;
    const int LowestOfHeadNodes = 20_000;
    const int HighestOfHeadNodes = 31_999;

    static readonly Lock s_one = new();
    static readonly int[] s_candidates = Candidates();

    // They keep what was given from every other process, and are gone with this one however it ends.
    static readonly List<Socket> s_reservations = [];
    static int s_next;

    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public static int Next()
    {
        lock (s_one)
        {
            while (s_next < s_candidates.Length)
            {
                var port = s_candidates[s_next++];
                if (Reserves(port) && IsFree(port))
                    return port;
            }
        }

        throw new InvalidOperationException("no port is free for a test's server");
    }

    static int[] Candidates()
    {
        var range = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split((char[])['\t', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var (lowest, highest) = (int.Parse(range[0]), int.Parse(range[1]));
        var ports = Enumerable.Range(LowestUnprivileged, IPEndPoint.MaxPort + 1 - LowestUnprivileged)
            .Where(port => port is < LowestOfHeadNodes or > HighestOfHeadNodes && (port < lowest || port > highest)).ToArray();
        Random.Shared.Shuffle(ports);
        return ports;
    }

    // A name in the abstract namespace: one process can have it, and no file is left.
    static bool Reserves(int port)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0holoflow-test-port-{port}"));
            s_reservations.Add(socket);
            return true;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }
    }

    static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
