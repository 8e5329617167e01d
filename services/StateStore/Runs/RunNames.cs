namespace Holoflow.StateStore.Runs;

/// <summary>Names that people can say: an adjective and a noun of the sky.</summary>
static class RunNames
{
    static readonly string[] Adjectives =
    [
        "amber", "ancient", "bright", "brisk", "calm", "celestial", "clear", "cobalt", "coherent", "copper", "cosmic", "crimson", "crisp", "dazzling", "deep", "distant",
        "eager", "early", "eclipsing", "elliptic", "emerald", "faint", "fast", "gentle", "gilded", "glowing", "golden", "grand", "hidden", "icy", "indigo", "keen",
        "lively", "luminous", "lunar", "magnetic", "mellow", "nimble", "northern", "opal", "patient", "polar", "polished", "quiet", "radiant", "rapid", "ruby", "scarlet",
        "serene", "silent", "silver", "smooth", "solar", "southern", "spinning", "stellar", "steady", "swift", "tidal", "tranquil", "vast", "velvet", "violet", "vivid",
    ];

    static readonly string[] Nouns =
    [
        "albedo", "altair", "antenna", "aperture", "apogee", "arc", "asteroid", "aurora", "azimuth", "baseline", "beacon", "beam", "binary", "blazar", "bolide", "callisto",
        "canopus", "capella", "ceres", "cluster", "coma", "comet", "corona", "crater", "deneb", "dish", "dwarf", "eclipse", "ecliptic", "equinox", "europa", "filament",
        "flare", "fringe", "galaxy", "ganymede", "halo", "heliopause", "hologram", "horizon", "hydra", "io", "jet", "kepler", "lens", "libra", "lobe", "lyra",
        "magnetar", "maser", "meridian", "meteor", "mimas", "mizar", "moon", "nadir", "nebula", "nova", "occultation", "orbit", "orion", "parallax", "parsec", "perigee",
        "phobos", "photon", "planet", "polaris", "procyon", "pulsar", "quasar", "radiant", "receiver", "redshift", "rigel", "ring", "saros", "scan", "sidelobe", "sirius",
        "solstice", "spectrum", "spica", "star", "sunspot", "supernova", "tether", "titan", "transit", "triton", "twilight", "vega", "vela", "voyager", "zenith", "zodiac",
    ];

    /// <summary>The name of a run by its id: a repeated submission gets the same one.</summary>
    public static string Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        var number = BitConverter.ToUInt32(bytes[12..]);
        return $"{Adjectives[number % Adjectives.Length]}-{Nouns[number / Adjectives.Length % Nouns.Length]}";
    }
}
