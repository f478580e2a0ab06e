# Palabras que usan varias páginas.
lane-name = Carril { $name }
nav-label = Páginas
nav-notice = Aviso
nav-manual = Si falla el carril
theme-toggle = Claro u oscuro
log-out = Salir
ask-yes = Sí
ask-no = Volver
say-offline = No hay conexión con el carril. No se envió nada; inténtelo otra vez o siga a mano.
say-refused = El carril no lo admitió.
say-done = Hecho.
say-gone = El vehículo está cerrado.
link-up = Conectado con el carril
link-down = Sin conexión con el carril

seat-name =
    { $row ->
        [1] { $side ->
            [left] Delante izquierda
            [right] Delante derecha
           *[centre] Delante centro
        }
       *[other] { $side ->
            [left] Fila { $row } izquierda
            [right] Fila { $row } derecha
           *[centre] Fila { $row } centro
        }
    }
seat-unknown = Alguien, en un asiento desconocido
