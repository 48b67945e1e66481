// SPDX-License-Identifier: GPL-2.0-or-later
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.opensearch.common.settings.Settings;
import org.opensearch.core.common.transport.BoundTransportAddress;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;
import org.opensearch.transport.TransportService;

/**
 * Engine FOLDER NAME [SEED]: one node of OpenSearch on the loopback, with its data in FOLDER. Its ports are free ones.
 * Without a SEED, which is the address of another node, it begins a cluster. When it answers, it prints "ready" and its
 * addresses for HTTP and for other nodes. It ends when its standard input does.
 */
public class Engine extends Node {
    Engine(Environment environment) {
        super(environment, List.of(Netty4Plugin.class), false);
    }

    public static void main(String[] words) throws Exception {
        Settings.Builder settings = Settings.builder()
            .put("path.home", Path.of(words[0]).toAbsolutePath())
            .put("node.name", words[1])
            .put("cluster.name", "portlore")
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            // How full the disk of a test's machine is says nothing about the test.
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
        if (words.length > 2) {
            settings.putList("discovery.seed_hosts", words[2]);
        } else {
            settings.putList("discovery.seed_hosts").putList("cluster.initial_cluster_manager_nodes", words[1]);
        }
        try (Engine node = new Engine(InternalSettingsPreparer.prepareEnvironment(
                settings.build(), Map.of(), null, () -> words[1]))) {
            node.start();
            HttpServerTransport http = node.injector().getInstance(HttpServerTransport.class);
            TransportService others = node.injector().getInstance(TransportService.class);
            System.out.println("ready " + address(http.boundAddress()) + " " + address(others.boundAddress()));
            while (System.in.read() >= 0) { }
        }
    }

    private static String address(BoundTransportAddress bound) {
        InetSocketAddress where = bound.publishAddress().address();
        return where.getAddress().getHostAddress() + ":" + where.getPort();
    }
}
